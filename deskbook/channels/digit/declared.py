"""What DIGIT's doors are to the rest of the desk: complaints come in, and how they stand is asked.
What people are answered goes by their number.
"""

from deskbook.channels.digit.models import DigitComplaint
from deskbook.delivery.connection import Connection
from deskbook.tickets.words_of_cases import Words

DECLARED = Connection(words=(Words(DigitComplaint, emptied={"service": {}, "created_by": ""}),))
