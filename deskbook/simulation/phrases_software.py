"""What customers and support staff of business software write: finance, payroll, people, grants."""

# ruff: noqa: E501  a text on one line is easier to read and to correct than one in pieces

from deskbook.simulation.phrases import Phrases, Trouble


def _trouble(kind: str, level: int, subject: str, *texts: str) -> Trouble:
    request, question, reply, finding, progress, solution = texts
    return Trouble(subject, request, question, reply, finding, progress, solution, level, {"type": kind})


SOFTWARE = Phrases(
    troubles=(
        _trouble(
            "issue", 1, "Nobody can sign in to {module} since this morning",
            "All our users get “session expired” right after signing in to {module}. We have tried three browsers and the office VPN. We cannot work at all.",
            "Could you send the exact time of one failed sign-in and a screen capture of the whole window?",
            "Here it is: the last attempt was a quarter of an hour ago, screen capture below. It is the same for everybody in {department}.",
            "The identity service rejects tokens issued before last night's certificate change. Clearing the token cache on the first node helped.",
            "We have found the cause: sign-ins made before last night's certificate change are no longer accepted. We are renewing them on every server now.",
            "The certificates are renewed on all servers and we could sign in with a test account of your organisation. Please try again and tell us if anybody still sees the message.",
        ),
        _trouble(
            "issue", 1, "Payroll run for {period} stops with an error, pay day is tomorrow",
            "Calculating pay for {period} stops at employee {n} of 412 with “divide by zero”. Pay day is tomorrow and there is no way round it that we know.",
            "Which pay group is employee number {n} in, and was an earning code changed since the last run?",
            "The pay group is HRLY-B. Yes, {department} added a retroactive earning code last week.",
            "The retro code has no hours base. Calculation divides by it. Fix: default the base, guard the division.",
            "The new earning code has no base of hours. If you set the base to 1 on the code card, the run goes through; the guard itself comes with a hotfix.",
            "We set the base with you on the phone and the run for {period} finished. The hotfix that refuses such codes is in this week's package.",
        ),
        _trouble(
            "issue", 2, "Bank file for {period} is rejected by the bank",
            "The bank returns the payment file for {period}: “record 5, length”. Nothing changed on our side. Payments are due this week.",
            "Please send the rejected file with the account numbers masked, and the bank's message.",
            "Attached as text, masked. The bank says the header record is one character too long.",
            "Company name has an accented letter: written as two bytes, counted as one. The header grows by one.",
            "The accented letter in your company name is written as two bytes. We are testing a corrected export.",
            "The export now writes the header in the bank's character set. Your file of {period} was accepted in the bank's test channel.",
        ),
        _trouble(
            "issue", 3, "{report} shows last year's budget",
            "The {report} compares with last year's budget instead of the one approved in {period}. The figures themselves are right.",
            "Which budget name is chosen in the report's options, and does it happen for a new user as well?",
            "The options say APPROVED. A colleague in {department} sees the same.",
            "Saved options hold the id of the budget, not its name; the copied budget got a new id.",
            "The saved options point to the old budget. Choosing the budget once more in the options and saving puts it right until we correct the report.",
            "The report now follows the budget's name. It is in the package we delivered; you need not choose the budget again.",
        ),
        _trouble(
            "issue", 3, "Approval mails arrive twice",
            "Since the update every approver gets two mails for each requisition. It is not a disaster but people start to ignore them.",
            "Could you forward one pair of such mails with all their headers?",
            "Forwarded. They come four seconds apart.",
            "Two job queue entries run the same codeunit; the update created the second one.",
            "The update left a second entry in the job queue. We would stop it this evening if you agree.",
            "The second entry is gone since yesterday evening, and today's mails came once. Please confirm.",
        ),
        _trouble(
            "issue", 2, "Month-end of {period} cannot be closed",
            "Closing {period} says that {n} entries are not posted, but the list is empty when we open it. Finance needs the close this week.",
            "Please run the check under Periodic Activities and send us its output.",
            "Output below. It lists {n} lines of the intercompany journal.",
            "Lines sit in a journal batch of a deleted user: visible to nobody, counted by the check.",
            "The lines belong to a batch of a user who left. We can move them to your batch; please tell us which one.",
            "The lines are in your batch now, posted, and {period} closed without a message.",
        ),
        _trouble(
            "issue", 3, "Employee photo disappears after saving",
            "When {department} edits an employee card and saves, the photo is gone. Editing the photo alone works.",
            "How large are the photos, and which browser is used?",
            "About 6 MB each, straight from a phone. Any browser.",
            "Picture is dropped when larger than 4 MB, without a message.",
            "Photos above 4 MB are dropped without a word. Smaller ones stay. We are adding the message that is missing.",
            "With today's package the card shrinks large photos instead of dropping them.",
        ),
        _trouble(
            "issue", 4, "Column heading “Amout” in {report}",
            "A small one: the third column of {report} is headed “Amout”.",
            "Is that in the printed report, on the screen, or both?",
            "Only in the printed one.",
            "Caption in layout 2 of the report; translation file is right.",
            "You are right, the printed layout has the slip. It will be corrected with the next monthly package.",
            "Corrected in this month's package. Thank you for telling us.",
        ),
        _trouble(
            "question", 4, "How do we add a second approver for amounts above {n}00?",
            "Our policy now asks for two approvals above {n}00. Where is that set, and does it hold for requisitions that are already open?",
            "Should the second approver be a person or whoever heads the department at that time?",
            "Whoever heads {department} at that time, please.",
            "Approval workflow with limit type Approver Chain covers it; open requests keep the old chain.",
            "That is an approver chain with a limit. Open requisitions keep the chain they began with. We have written the steps down for you.",
            "The steps are: Workflow, your requisition workflow, Approver Chain, limit {n}00, second step “head of department”. Please try it in your sandbox first.",
        ),
        _trouble(
            "question", 4, "Does {module} keep attachments of deleted drafts?",
            "Our auditors ask what happens to attachments when somebody deletes a draft in {module}.",
            "Is this about drafts only, or also about cancelled documents?",
            "About both, please.",
            "Drafts: attachment goes with the draft. Cancelled documents keep theirs.",
            "Attachments of drafts go with the draft; cancelled documents keep theirs for the period set under Retention.",
            "We have put the answer with a reference to the manual into one page that you may hand to the auditors.",
        ),
        _trouble(
            "question", 3, "Vacation carried over does not match our policy",
            "Five days should be carried over to the new year, {module} shows seven for part of {department}. Did we set something up wrongly?",
            "Please send the name of the accrual policy and one employee number for whom it is wrong.",
            "Policy VAC-2, for example employee {n}.",
            "Carry-over cap is per policy; these people have two policies, so two caps.",
            "These employees have two accrual policies and each brings its own cap. Ending the old policy on the last day of the year solves it.",
            "The old policies are ended and the balances worked out again: five days each. Please check employee {n}.",
        ),
        _trouble(
            "request", 4, "Please add {n} users for {department}",
            "We have taken on {n} people in {department} and need licences and permissions like those of their colleagues.",
            "Which permission set should they have, and from which date?",
            "The same as the others in {department}, from the first of the month.",
            "Licence count allows it; plan covers the set.",
            "The licences are there. We are creating the users and will send you the list.",
            "All users are created and get their first mail on the date you named.",
        ),
        _trouble(
            "request", 3, "Copy of the live company into the sandbox",
            "Could you refresh our sandbox from the live company before the training of {department} next week?",
            "May the sandbox be unavailable for about two hours, and shall addresses be masked?",
            "Any evening is fine, and yes, please mask the addresses.",
            "Size 84 GB, about 90 minutes. Masking script version 6.",
            "We have booked the copy for tomorrow evening, with masked addresses.",
            "The sandbox is a copy of yesterday evening. Mail is switched off in it.",
        ),
        _trouble(
            "issue", 2, "Expense claims vanish from the approver's list",
            "Claims sent in {module} do not reach the approvers in {department}. They show as “pending” for the employee and nowhere else.",
            "Please give us two claim numbers and the approver they should have gone to.",
            "Claims {n}01 and {n}02, approver is the head of {department}.",
            "Approver's user card lost its link to the employee card when the name changed.",
            "The approver's user lost its link to the employee when the name was changed. We are restoring the link and looking for other cases.",
            "The link is back and {n} waiting claims are in the list now. A check every night reports such cases from now on.",
        ),
        _trouble(
            "issue", 3, "Import of {report} data stops at line {n}",
            "The import stops at line {n} with “value too long”. Line {n} looks like every other line.",
            "Please send us lines {n} to the end of that block, and the file's encoding if you know it.",
            "Here they are. The file was written by the spreadsheet program of {department}.",
            "Non-breaking space at the end of the description; trimmed by the grid, not by the import.",
            "There is an invisible space at the end of the description. Without it the line goes in. The import should trim it itself; we are changing that.",
            "The import trims such spaces from this package on. Your file went in completely.",
        ),
        _trouble(
            "issue", 3, "{module} is slow every afternoon",
            "Between two and four every afternoon each page of {module} takes ten seconds. Mornings are fine.",
            "Which time zone are these hours in, and are users outside {department} affected?",
            "Our own time, and yes, all of us.",
            "A report subscription of one user rebuilds the cube at 14:00 daily.",
            "A scheduled report rebuilds its data at two o'clock. We have asked for it to be moved to the night and watch the times.",
            "Since the report runs at night the pages take under a second all day.",
        ),
        _trouble(
            "request", 4, "Change of our named contacts",
            "Our colleague who logged cases has left. Please replace the contact and remove the old credentials.",
            "Who takes over, with which mail address?",
            "The details are in our community profile; the credentials of the old contact can go today.",
            "Plan allows up to five, four in use.",
            "The old credentials are closed. The new contact gets an invitation.",
            "Done: the new contact has signed in. Four of five places are in use.",
        ),
        _trouble(
            "issue", 2, "Tax slips for {period} show a wrong box",
            "Box 14 of the slips is missing the taxable benefit for {n} people. The filing date is close.",
            "Which benefit code is missing, and is it mapped in the slip setup?",
            "The code is PARK. It is mapped, we checked twice.",
            "Mapping is by effective date; the code's date is one day after year end.",
            "The benefit code is valid from one day after the year's end, so the slips pass it over. Moving the date by a day fills the box.",
            "The date is moved, the slips are right in your sandbox and in the live company. Please print the {n} of them again.",
        ),
        _trouble(
            "issue", 3, "Spreadsheet export cuts long notes",
            "Exporting from {module} cuts notes after 250 characters. We need them whole for {department}.",
            "Which list do you export, and by which button?",
            "The grant list, “Edit in spreadsheet”.",
            "Field is Text[250] in the export page although the table holds 2,048.",
            "The export page has its own, shorter field. “Open in spreadsheet” gives the whole note meanwhile.",
            "The export page now has the full length. It is in the package delivered to your sandbox.",
        ),
    ),
    slots={
        "module": ("Employee Center", "Finance", "the timesheet app", "Grant Management", "Purchasing", "the HR portal"),
        "department": ("Finance", "Human Resources", "Programs", "the North office", "Facilities", "Procurement"),
        "period": ("September", "October", "the third quarter", "last month", "period 7", "the fiscal year"),
        "report": ("Budget vs Actuals", "the trial balance", "the T4 summary", "the grant statement", "aged payables"),
        "n": ("7", "12", "18", "23", "31", "46"),
    },
    greetings={"en": ("Hello,", "Good morning,", "Hi there,", "Good afternoon,", "Dear colleagues,")},
    nudges={
        "en": (
            "Is there any news? We have to tell our director something today.",
            "Any update on this one, please?",
            "Just checking whether this is still on your list.",
            "It happened again today, twice. Please have a look.",
        )
    },
    thanks={
        "en": (
            "Thank you, that works. You may close this.",
            "Great, all good now. Thanks for the quick help!",
            "Confirmed by our users. Thank you very much.",
        )
    },
    not_yet={
        "en": (
            "Sorry, it is back: the same message as before, since this morning.",
            "It works for most of us, but two colleagues still have it.",
            "That helped for a day only. Could you look again?",
            "We tried it and it is not solved for us yet.",
        )
    },
    replies={
        "en": (
            "Here is what you asked for, below. Is there anything else?",
            "I asked our finance team: they saw it again this morning, the same way.",
            "Yes, to both. The screen capture is in the case.",
            "We tried it as described. It did not change anything.",
        )
    },
    received={
        "en": (
            "Thank you for the clear description. I have your case and am looking into it now.",
            "I have taken your case and tried it in a test company; I see the same.",
            "Thank you for writing. I have read everything and started with the logs.",
        ),
    },
    further={
        "en": (
            "A short update: the correction is written and being tested. We will tell you as soon as it is through.",
            "We are still on it. Our test company shows the same now, which makes the rest easier.",
            "The change is in this week's package for the test system. Please keep using the workaround until then.",
            "We have looked at your data again and narrowed it down to one table. Nothing is lost.",
        ),
    },
    asking_again={
        "en": (
            "One more question: does it happen with a new document as well, or only with those that existed before?",
            "Could you try it once more in a private window and tell us the exact time?",
            "May we look at it together for ten minutes? Please name two times that suit you.",
        ),
    },
    notes={
        "en": (
            "Same cause as in an older case; the steps there worked.",
            "Reproduced in the current version, not in the one before.",
            "Checked the logs of both nodes for that hour: nothing else stands out.",
        ),
    },
    promises={
        "en": (
            "A first result of the analysis",
            "A date for the hotfix",
            "I will call you about the next steps",
            "The quote with the hours it needs",
        ),
    },
    graver=("All users are affected and nothing helps in the meantime.", "Live system, pay day ahead: taken up a level."),
    milder=(
        "There is a workaround, so this is the severity of the policy.",
        "Only one function that is seldom used is affected.",
    ),
    handing_on=(
        "Needs somebody who knows the posting routines.",
        "Reproduced. The cause is in the code, please take over.",
        "A question of setup rather than a fault: for the consultants.",
    ),
    vendors=("Microsoft", "Jet Reports", "KwikTag"),
)  # fmt: skip
