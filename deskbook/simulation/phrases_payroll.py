"""What employees and drawing officers write about a payroll and service book system, and its help
desks' answers.

The Malayalam lines were machine-made: for review by somebody who speaks it.
"""

# ruff: noqa: E501  a text on one line is easier to read and to correct than one in pieces

from deskbook.simulation.phrases import Phrases, Trouble


def _case(
    type_: str, sorted_by: str, subject: str, *texts: str, language: str = "en", often: int = 6
) -> Trouble:
    """`sorted_by` is "category", or "category/form" for an application."""
    request, question, reply, finding, progress, solution = texts
    category, _slash, form = sorted_by.partition("/")
    facets = {"type": type_, "category": category, **({"request": form} if form else {})}
    return Trouble(
        subject,
        request,
        question,
        reply,
        finding,
        progress,
        solution,
        3,
        facets,
        language,
        often=often,
    )


PAYROLL = Phrases(
    troubles=(
        _case(
            "error report",
            "salary matters",
            "Pay bill of {month} shows an error for one employee",
            "While processing the pay bill of {month} SPARK shows “present salary not updated” for one employee of our office. The other {count} are processed.",
            "Was an increment or a transfer entered for the employee this month?",
            "Yes, an increment, with effect from the first.",
            "Increment saved but not locked; the present salary is of last month.",
            "The increment is entered but not confirmed. Please open Present Salary and confirm it.",
            "After confirming the present salary the bill was processed. Please generate it again.",
            often=9,
        ),
        _case(
            "question",
            "service matters",
            "How to enter leave without allowance already spent?",
            "An employee of our office was on leave without allowance for {n} days. Where is it entered so that the salary is reduced?",
            "Is the salary of that month drawn already?",
            "Not yet.",
            "Leave entry before the bill; afterwards by recovery.",
            "It is entered under Leave before the bill is processed; the salary follows by itself.",
            "The leave is entered and the bill of {month} takes it into account.",
        ),
        _case(
            "service request",
            "login and otp",
            "Mobile number in SPARK has to be changed",
            "My mobile number was changed and the OTP goes to the old one. I cannot log in.",
            "Please tell the new number through the official mail of your office, with your PEN.",
            "It was sent from the mail of the office today.",
            "Identity confirmed by the DDO's mail.",
            "We have the mail of your office and change the number today.",
            "The number is changed. The OTP now comes to the new one.",
            often=9,
        ),
        _case(
            "question",
            "income tax",
            "Tax deducted twice in {month}",
            "In the bill of {month} income tax was deducted twice for {n} of our employees. How can it be set right?",
            "Is the bill encashed?",
            "Yes.",
            "Two deduction rows with overlapping periods.",
            "Two rows with overlapping dates are in Deductions. Please end the older one; the excess is set off next month.",
            "The older row has ended and next month's bill deducts the balance only.",
        ),
        _case(
            "error report",
            "e-submission and bims",
            "Bill cannot be submitted to the treasury",
            "E-submission of the bill of {month} fails with “head of account not found”. {count} employees wait for their salary.",
            "Please tell the bill number and the head of account shown.",
            "The bill number ends with {n}.",
            "Head of account mapped to the old office code.",
            "The head of account is still mapped to the old code of your office. We are correcting it.",
            "The mapping is corrected and the bill was submitted.",
        ),
        _case(
            "application",
            "administration/ddo or establishment officer",
            "Change of DDO after transfer",
            "Our DDO was transferred. Please set the new DDO for our office.",
            "From which date does the new DDO hold charge?",
            "From the first of {month}.",
            "Form checked against the order.",
            "The form is with the section; the change is made after checking the order.",
            "The new DDO is set and can log in.",
        ),
        _case(
            "application",
            "salary matters/hra change",
            "HRA class of our office is wrong",
            "After the office moved, the HRA should be of another class. Please change it for all {count} employees.",
            "Is the new address already in SPARK?",
            "Yes, since last month.",
            "HRA by place of the office; form needed.",
            "The form is being examined at the PMU.",
            "The HRA is changed with effect from {month}.",
        ),
        _case(
            "application",
            "administration/codes of an office",
            "Treasury code of the office has changed",
            "The treasury of our office has changed. Bills still go to the old one.",
            "Which treasury takes the bills now?",
            "The sub-treasury nearest to the new office.",
            "Change of code by PMU after the form.",
            "The form was received and the code is being changed.",
            "Bills from {month} go to the new treasury.",
        ),
        _case(
            "application",
            "service matters/new employee",
            "PEN for a new employee",
            "A new employee joined on the first of {month}. Please help us to get the PEN.",
            "Is the Aadhaar of the employee linked to the mobile number?",
            "Yes.",
            "Duplicate check found none.",
            "No other PEN was found for the employee; the number is being generated.",
            "The PEN is generated and the employee is in your office's list.",
        ),
        _case(
            "application",
            "administration/address of an office",
            "Address of the office in SPARK",
            "Our office moved to the new building. The address in SPARK is the old one.",
            "Does the land phone stay the same?",
            "No, it is in the letter.",
            "Letter complete but for the office code.",
            "The letter is being examined.",
            "The address is changed as in the letter.",
        ),
        _case(
            "service request",
            "aadhaar correction",
            "Aadhaar number of an employee is wrong",
            "The Aadhaar number of one employee has a wrong digit in SPARK and cannot be edited by us.",
            "Please send the PEN and a mail of the DDO.",
            "It was sent by the DDO today.",
            "Only the PMU may correct it.",
            "Only the PMU can correct it; your mail is with the section.",
            "The number is corrected.",
        ),
        _case(
            "on-site training",
            "salary matters",
            "Training for the staff of a new office",
            "Our office was formed last month; {n} clerks have never worked with SPARK. Can somebody train us here?",
            "How many computers do you have, and which days suit you?",
            "Four, any day in the second week of {month}.",
            "A master trainer of the department can go.",
            "A master trainer of your department will come; the day is being fixed.",
            "The training took place for {n} persons.",
            often=2,
        ),
        _case(
            "feedback",
            "queries and reports",
            "A report of all pending increments would help",
            "A list of the increments pending in an office, by month, would save us a lot of time.",
            "Would the list by PEN and date be enough?",
            "Yes.",
            "Passed on.",
            "Thank you for the suggestion. It is passed on to those who develop SPARK.",
            "It is on the list for the next version.",
            often=2,
        ),
        _case(
            "error report",
            "salary matters",
            "{month} മാസത്തെ ശമ്പള ബിൽ പ്രോസസ്സ് ചെയ്യാൻ കഴിയുന്നില്ല",
            "{month} മാസത്തെ ശമ്പള ബിൽ പ്രോസസ്സ് ചെയ്യുമ്പോൾ പിശക് കാണിക്കുന്നു. {count} ജീവനക്കാരുടെ ശമ്പളം മുടങ്ങിയിരിക്കുന്നു. ദയവായി സഹായിക്കുക.",
            "ഈ മാസം ഇൻക്രിമെന്റ് ചേർത്തിട്ടുണ്ടോ?",
            "ഉണ്ട്, ഒന്നാം തീയതി മുതൽ.",
            "Increment not confirmed.",
            "ഇൻക്രിമെന്റ് സ്ഥിരീകരിച്ചിട്ടില്ല. Present Salary തുറന്ന് സ്ഥിരീകരിക്കുക.",
            "ഇപ്പോൾ ബിൽ പ്രോസസ്സ് ചെയ്യാം. ദയവായി വീണ്ടും ശ്രമിക്കുക.",
            language="ml",
            often=8,
        ),
        _case(
            "service request",
            "login and otp",
            "OTP ലഭിക്കുന്നില്ല",
            "എന്റെ മൊബൈലിൽ OTP വരുന്നില്ല. SPARK-ൽ ലോഗിൻ ചെയ്യാൻ കഴിയുന്നില്ല.",
            "മൊബൈൽ നമ്പർ മാറിയിട്ടുണ്ടോ?",
            "ഉണ്ട്, കഴിഞ്ഞ മാസം മാറി.",
            "Old number in SPARK.",
            "ഓഫീസിന്റെ ഔദ്യോഗിക മെയിലിൽ നിന്ന് പുതിയ നമ്പർ അയയ്ക്കുക. ഇന്ന് തന്നെ മാറ്റാം.",
            "നമ്പർ മാറ്റിയിട്ടുണ്ട്. ഇപ്പോൾ OTP ലഭിക്കും.",
            language="ml",
            often=8,
        ),
        _case(
            "application",
            "administration/ddo or establishment officer",
            "പുതിയ ഡി.ഡി.ഒ.യെ നിശ്ചയിക്കണം",
            "ഞങ്ങളുടെ ഓഫീസിലെ ഡി.ഡി.ഒ. സ്ഥലം മാറി. പുതിയ ഡി.ഡി.ഒ.യെ SPARK-ൽ ചേർക്കണം.",
            "ഏത് തീയതി മുതലാണ് ചുമതല?",
            "ഈ മാസം ഒന്നാം തീയതി മുതൽ.",
            "Form checked.",
            "അപേക്ഷ പരിശോധിച്ചുവരുന്നു.",
            "പുതിയ ഡി.ഡി.ഒ.യെ ചേർത്തിട്ടുണ്ട്.",
            language="ml",
        ),
        _case(
            "question",
            "service matters",
            "അവധി എവിടെ രേഖപ്പെടുത്തണം?",
            "ഒരു ജീവനക്കാരന്റെ {n} ദിവസത്തെ അവധി SPARK-ൽ എവിടെയാണ് ചേർക്കേണ്ടത്?",
            "ബിൽ പ്രോസസ്സ് ചെയ്തുകഴിഞ്ഞോ?",
            "ഇല്ല.",
            "Leave entry before the bill.",
            "Service Matters മെനുവിലെ Leave Entry-യിൽ ചേർക്കാം.",
            "അവധി ചേർത്തിട്ടുണ്ട്. നന്ദി.",
            language="ml",
        ),
    ),
    slots={
        "month": ("September", "October", "November"),
        "n": ("3", "5", "8", "11", "14"),
        "count": ("17", "24", "39", "52", "86"),
    },
    greetings={
        "en": ("Sir/Madam,", "Respected sir or madam,", "Good morning,"),
        "ml": ("സർ/മാഡം,", "നമസ്കാരം,"),
    },
    nudges={
        "en": (
            "Kindly look into it, the bill has to be submitted.",
            "May we know the status of our request?",
        ),
        "ml": ("ദയവായി ഉടൻ മറുപടി നൽകുക.",),
    },
    thanks={
        "en": ("It is done, thank you.", "Thank you for the quick help."),
        "ml": ("ശരിയായി, നന്ദി.",),
    },
    not_yet={
        "en": ("The same error is shown again today.", "It is not changed yet in our login."),
        "ml": ("ഇപ്പോഴും അതേ പ്രശ്നം കാണിക്കുന്നു.",),
    },
    replies={
        "en": ("Yes, as told on the phone.", "The details are as in the first mail."),
        "ml": ("അതെ, ചെയ്തിട്ടുണ്ട്.",),
    },
    received={
        "en": (
            "Your mail was received and is being examined.",
            "We have noted your request; the section examines it.",
        ),
        "ml": ("താങ്കളുടെ അപേക്ഷ ലഭിച്ചു. പരിശോധിച്ചുവരുന്നു.",),
    },
    further={
        "en": (
            "Your request is with the section at the PMU.",
            "We called your office and noted the details.",
            "It is examined together with others of your department.",
        ),
        "ml": ("താങ്കളുടെ അപേക്ഷ പി.എം.യു.വിൽ പരിശോധനയിലാണ്.",),
    },
    asking_again={
        "en": (
            "Please send the details from the official mail of your office.",
            "Please tell the PEN and the office code.",
        ),
        "ml": ("ദയവായി PEN-ഉം ഓഫീസ് കോഡും അയയ്ക്കുക.",),
    },
    notes={
        "en": (
            "Called the office; the clerk will send the details.",
            "Same as a request of the neighbouring office.",
            "Checked in the audit trail.",
        )
    },
    promises={
        "en": ("We will call the office back", "The section examines it until then"),
        "ml": ("തിരികെ വിളിക്കാം",),
    },
    graver=("Salary of the whole office.",),
    milder=("One employee.",),
    handing_on=(
        "Could not be solved at the treasury desk: passed on with the documents.",
        "Only the PMU has the privilege for this.",
    ),
    handing_over=(
        "The office needs to be shown: please fix a day with them.",
        "Back to the PMU: the office has been shown.",
    ),
    handing_back=(
        "Done at the PMU; please tell the office.",
        "To be solved at the treasury desk, the office is near it.",
    ),
    claims=False,
    channels=(0.5, 0.24, 0.1, 0.08, 0.02, 0.06),
    passes_on=14,
    asking_for_papers={
        "en": (
            "To go on we still need from you:\n\n{papers}\n\nPlease send it as an answer to this.",
        ),
        "ml": ("തുടർനടപടിക്ക് ഇവ കൂടി ആവശ്യമാണ്:\n\n{papers}\n\nദയവായി ഇതിനു മറുപടിയായി അയയ്ക്കുക.",),
    },
    papers_sent={
        "en": ("Please find it attached.", "The form is attached, signed by the head of office."),
        "ml": ("ഇതോടൊപ്പം ചേർക്കുന്നു.",),
    },
)
