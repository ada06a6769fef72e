"""The services of others as a demo knows them: whoever is called answers here, and no call leaves
the machine.
"""

import httpx

from deskbook.demo.stand_ins import jira, text_gateway


class Outside(httpx.BaseTransport):
    """Stands where CheckedAddresses stands in a desk (DESKBOOK_OUTWARD), whatever address somebody
    typed in.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answering = jira if jira.PATH in request.url.path else text_gateway
        return httpx.Response(200, json=answering.answer(request), request=request)
