"""The jobs of a demo. Procrastinate finds them here, as it finds the desk's in
deskbook/tasks.py.
"""

from deskbook.delivery.connection import ByTheClock, Job
from deskbook.demo.past import chats
from deskbook.demo.screens import graph
from deskbook.tasks import add_job, by_the_clock

add_job(Job(graph.TELL_JOB, graph.tell, "services"))
by_the_clock("demo_chats", ByTheClock("* * * * *", chats.keep_fresh))
