"""What staff of urban local bodies and community organisations write about a works and wages app, and its desk."""

# ruff: noqa: E501  a text on one line is easier to read and to correct than one in pieces

from deskbook.simulation.phrases import Phrases, Trouble


def _trouble(
    module: str,
    category: str,
    level: int,
    subject: str,
    *texts: str,
    language: str = "en",
    kind: str = "",
    often: int = 6,
) -> Trouble:
    request, question, reply, finding, progress, solution = texts
    kind = kind or {"bug": "bug fix", "enhancement": "change request"}.get(category, "incident")
    facets = {"module": module, "category": category.partition("/")[0], "type": kind}
    if "/" in category:
        facets["concern"] = category.partition("/")[2]
    return Trouble(subject, request, question, reply, finding, progress, solution, level, facets, language, often=often)


_APP, _IFIX, _SERVERS = "technical/muktasoft app", "technical/ifix", "technical/hudd infrastructure"

MUNICIPAL = Phrases(
    troubles=(
        _trouble(
            "muster roll", "bug", 1, "Muster rolls of several wards come out empty since the last build",
            "Several offices report muster rolls without wage seekers since the build of this week. Please find the cause behind them.",
            "From which office came the first report?",
            "From ward {ward}, on the day after the build.",
            "Every empty roll was made between two submissions of one register: the job reads the register too early.",
            "The rolls are made before the last register day is written. The cause is found and the order of the two is being changed.",
            "Since the build of today rolls wait for the register. The empty ones of all wards were made anew.",
            kind="problem", often=3,
        ),
        _trouble(
            "attendance", _APP, 2, "Why attendance is lost when two phones sync",
            "This collects the reports of lost attendance. In all of them two phones of one organisation marked the same register.",
            "Which organisations reported it so far?",
            "Three; they are linked here.",
            "Last writer wins on the register as a whole instead of on each line.",
            "The later phone overwrites the whole register. Until the correction is out, one phone a register is the way round it.",
            "Lines are now compared one by one, and a conflict is shown to the operator.",
            kind="problem", often=3,
        ),
        _trouble(
            "muster roll", "bug", 2, "Muster roll {n} of ward {ward} shows no wage seekers",
            "Muster roll {n} for the {work} in ward {ward} opens with an empty list. Attendance was marked all week. Wages of {count} people wait for it.",
            "Was the attendance of the week submitted, and by which role?",
            "Yes, the organisation submitted it on Saturday and the Junior Engineer sees it.",
            "Roll was made before the last register day was submitted; it is not built again.",
            "The roll was created before the last day was submitted and is not built again. We are building it anew for your ward.",
            "Muster roll {n} now lists all {count} wage seekers. The correction for other wards comes with the next build.",
        ),
        _trouble(
            "billing and payment", _IFIX, 1, "Payment instruction rejected by JIT-FS, wages of {count} people waiting",
            "The payment instruction for {work}, ward {ward}, comes back “failed” from JIT-FS for the second time. {count} wage seekers have not been paid.",
            "Please give us the number of the instruction and the message shown under its status.",
            "Number ends with {n}. The message says “beneficiary validation”.",
            "IFSC of one branch changed after a merger; the whole instruction fails for one line.",
            "One beneficiary's branch code is no longer valid and makes the whole instruction fail. We are correcting it with the finance side.",
            "A revised instruction without the wrong branch code was accepted. The one remaining person needs a new passbook copy.",
        ),
        _trouble(
            "estimate", "functional", 3, "How to change the length of a drain in an approved estimate?",
            "The estimate for {work} in ward {ward} is approved but the drain must be {n} metres longer. Where can we change that?",
            "Is a work order issued already?",
            "Not yet.",
            "Approved, no work order: revision through “send back to originator”.",
            "As no work order is issued, the approver can send it back to the originator, who changes the measurements.",
            "The estimate was sent back, changed and approved again. The steps are in the mail.",
        ),
        _trouble(
            "work order", "functional", 3, "Time extension for {work} cannot be sent",
            "The community organisation wants {n} more days for {work}. The button for it is grey.",
            "What is the end date of the work order, and which role signs in?",
            "It ends this Friday. The president of the organisation signs in.",
            "Extension opens only while the contract is active; the app needs the newest version.",
            "The request is made in the app by the organisation while the order is active; the button needs the newest version of the app.",
            "With the newest version the request for {n} days was sent and is in the engineer's inbox.",
        ),
        _trouble(
            "attendance", _APP, 2, "Attendance of {count} people lost after sync",
            "We marked the attendance for ward {ward} without network. After sync the whole Tuesday is empty.",
            "Which phone and app version, and did the app show an error during sync?",
            "A phone with Android 9, version is in the screen capture. It said “conflict” for a moment.",
            "Two phones of one organisation marked the same register; the later sync wins.",
            "Two phones marked the same register and the later one won. We can restore Tuesday from the first phone's log.",
            "Tuesday is restored for {count} people. Please use one phone a register until the correction is out.",
        ),
        _trouble(
            "users", "functional", 4, "New Junior Engineer needs a user",
            "A new Junior Engineer joined our office. Please tell us how to create the user and which roles to give.",
            "Should the engineer create estimates only, or measure as well?",
            "Both, for wards {ward} and {n}.",
            "HRMS admin of the ULB can do it; roles estimate creator and measurement viewer.",
            "The HRMS administrator of your office creates users. The two roles are named in our mail.",
            "The user exists and has signed in with the two roles.",
        ),
        _trouble(
            "users", _SERVERS, 2, "OTP does not arrive on any phone of the office",
            "Since yesterday evening no OTP comes to the phones of our office, of any operator. Nobody can sign in.",
            "Does it concern one operator or all, and do other messages arrive?",
            "All operators. Other messages arrive.",
            "Balance of the SMS gateway account used up.",
            "Messages wait at the SMS gateway. We have told the infrastructure team.",
            "The gateway sends again since noon, and the waiting messages were discarded. Please try once more.",
        ),
        _trouble(
            "dashboard", "bug", 4, "Dashboard counts {work} twice",
            "The number of works on the dashboard is higher than in the project list: {work} of ward {ward} is in it twice.",
            "Which period is chosen on the dashboard?",
            "This financial year.",
            "Reindexing after the revision of an estimate adds a second document.",
            "A revised estimate is counted besides the first. The list itself is right.",
            "After reindexing the numbers agree. The counting is corrected in the next build.",
        ),
        _trouble(
            "project", "enhancement", 4, "Please allow photos of the site in a project",
            "It would help the engineers to add photos of the site of {work} when they create a project.",
            "How many photos of which size would you need?",
            "Three, taken with the phone, before and after the work.",
            "Fits the wish of two other bodies; collect.",
            "We have passed the wish on; two other bodies asked for the same.",
            "It is planned for a later version. We will tell you its date when it is known.",
        ),
        _trouble(
            "masters", "functional", 3, "Bank account of a wage seeker cannot be corrected",
            "The account number of one wage seeker in ward {ward} has a wrong digit. The page does not let us change it.",
            "Is a payment to this account under way?",
            "Yes, one bill of last week.",
            "Locked while a bill is in payment; possible after failure or success.",
            "The account is locked while a bill is being paid. After it fails or succeeds the page lets you edit it.",
            "The bill came back, the account is corrected and the revised instruction includes it.",
        ),
        _trouble(
            "cbo app", _APP, 3, "App closes when the work order is opened",
            "On the phones of the self-help group of ward {ward} the app closes as soon as a work order is opened.",
            "Which Android version and how much free storage do the phones have?",
            "Android 8, about {n}0 MB free.",
            "PDF preview needs 60 MB of memory more than these phones have.",
            "The preview of the order needs more memory than these phones have. Downloading it works; we are changing the preview.",
            "The new version shows a small preview and stays open on a phone with Android 8. Please update.",
        ),
        _trouble(
            "billing and payment", "bug", 2, "Supervision bill calculated on the wrong amount",
            "The supervision bill of {work} takes 7.5 % of the whole contract and not of the paid part.",
            "Please send the number of the bill and of the wage bill it refers to.",
            "Both end with {n}, ward {ward}.",
            "Expense calculator reads the contract total after a revision.",
            "The calculator reads the total of the contract after a revision. The bill can be rejected and made again after the correction.",
            "The calculator is corrected; the new bill takes the paid part only.",
        ),
        _trouble(
            "muster roll", "bug", 2, "ମଷ୍ଟର ରୋଲ୍‌ରେ ନାମ ଦେଖାଯାଉନାହିଁ (ୱାର୍ଡ {ward})",
            "ୱାର୍ଡ {ward} ର ମଷ୍ଟର ରୋଲ୍ ଖୋଲିଲେ ତାଲିକା ଖାଲି ଦେଖାଯାଉଛି। {count} ଜଣଙ୍କ ମଜୁରୀ ଅଟକି ରହିଛି। ଦୟାକରି ଶୀଘ୍ର ଦେଖନ୍ତୁ।",
            "ଦୟାକରି କୁହନ୍ତୁ, ସପ୍ତାହର ଉପସ୍ଥାନ ଦାଖଲ ହୋଇଛି କି?",
            "ହଁ, ଶନିବାର ଦିନ ଦାଖଲ ହୋଇଛି।",
            "Roll made before the last register day was submitted; build it again.",
            "ଆମେ ତାଲିକା ପୁଣି ତିଆରି କରୁଛୁ। କିଛି ସମୟ ଅପେକ୍ଷା କରନ୍ତୁ।",
            "ତାଲିକା ଠିକ୍ ହୋଇଯାଇଛି। ଦୟାକରି ପୁଣି ଖୋଲି ଦେଖନ୍ତୁ।",
            language="or",
        ),
        _trouble(
            "users", _SERVERS, 3, "ମୋବାଇଲ୍‌କୁ OTP ଆସୁନାହିଁ",
            "ଗତକାଲିଠାରୁ ଆମ ମୋବାଇଲ୍‌କୁ OTP ଆସୁନାହିଁ। ଆପ୍‌ରେ ଲଗ୍‌ଇନ୍ କରିପାରୁନାହୁଁ।",
            "ଅନ୍ୟ ମେସେଜ୍ ଆସୁଛି କି?",
            "ହଁ, ଅନ୍ୟ ମେସେଜ୍ ଆସୁଛି।",
            "Gateway queue; told the infrastructure team.",
            "ଆମେ ଏହି ସମସ୍ୟା ଦେଖୁଛୁ। ଆଜି ଜଣାଇବୁ।",
            "ଏବେ OTP ଆସୁଛି। ଦୟାକରି ପୁଣି ଚେଷ୍ଟା କରନ୍ତୁ।",
            language="or",
        ),
        _trouble(
            "billing and payment", _IFIX, 2, "ମଜୁରୀ ଟଙ୍କା ଖାତାକୁ ଆସିନାହିଁ",
            "ୱାର୍ଡ {ward} ର {count} ଜଣ ଶ୍ରମିକଙ୍କ ମଜୁରୀ ଏପର୍ଯ୍ୟନ୍ତ ଖାତାକୁ ଆସିନାହିଁ। ବିଲ୍ ମଞ୍ଜୁର ହୋଇସାରିଛି।",
            "ଦୟାକରି ବିଲ୍ ନମ୍ବର ଦିଅନ୍ତୁ।",
            "ବିଲ୍ ନମ୍ବରର ଶେଷ ଅଙ୍କ {n}।",
            "Payment advice pending at the treasury side since two days.",
            "ଟ୍ରେଜେରୀ ପାଖରେ ଅଛି। ଆମେ ଯୋଗାଯୋଗ କରିଛୁ।",
            "ଟଙ୍କା ପଠାଯାଇଛି। ଖାତା ଦେଖନ୍ତୁ।",
            language="or",
        ),
        _trouble(
            "attendance", _APP, 3, "उपस्थिति दर्ज करने पर ऐप बंद हो जाता है",
            "वार्ड {ward} में उपस्थिति दर्ज करते ही ऐप बंद हो जाता है। कल से {count} लोगों की उपस्थिति नहीं लगी है। कृपया देखें।",
            "कृपया फ़ोन का मॉडल और ऐप का संस्करण बताएँ।",
            "एंड्रॉइड 9 है, ऐप का संस्करण स्क्रीन पर {n} दिखता है।",
            "Old version; crash fixed two versions ago.",
            "यह पुराने संस्करण में होता है। कृपया ऐप को अपडेट करें।",
            "नए संस्करण में उपस्थिति लग रही है। छूटे हुए दिन की उपस्थिति कनीय अभियंता जोड़ देंगे।",
            language="hi",
        ),
        _trouble(
            "estimate", "functional", 4, "प्राक्कलन में माप कैसे बदलें?",
            "वार्ड {ward} के प्राक्कलन में नाली की लंबाई {n} मीटर बढ़ानी है। यह कहाँ बदला जाता है?",
            "क्या कार्यादेश जारी हो चुका है?",
            "अभी नहीं।",
            "No work order yet: send back to originator.",
            "अनुमोदन करने वाले अधिकारी इसे वापस भेज सकते हैं, फिर माप बदला जा सकता है।",
            "प्राक्कलन बदल गया है और फिर से अनुमोदित है। धन्यवाद।",
            language="hi",
        ),
    ),
    slots={
        "ward": ("3", "5", "8", "11", "14", "17", "21"),
        "n": ("4", "7", "12", "15", "19", "26"),
        "count": ("14", "22", "31", "46", "58"),
        "work": ("the storm water drain", "the community toilet", "the park wall", "the ward road", "the pond embankment", "tree planting"),
    },
    greetings={
        "en": ("Namaskar,", "Good morning,", "Respected sir or madam,", "Hello,"),
        "or": ("ନମସ୍କାର,", "ନମସ୍କାର ମହାଶୟ,"),
        "hi": ("नमस्ते,", "नमस्कार,"),
    },
    nudges={
        "en": ("The people ask every day. Please tell us when it will be done.", "Kindly update, it is urgent for us.", "Any progress on our issue?"),
        "or": ("ଦୟାକରି ଶୀଘ୍ର ଜଣାନ୍ତୁ, ଲୋକମାନେ ପଚାରୁଛନ୍ତି।",),
        "hi": ("कृपया जल्दी बताएँ, लोग रोज़ पूछ रहे हैं।",),
    },
    thanks={
        "en": ("It is working now, thank you.", "Thank you, issue solved."),
        "or": ("ଏବେ ଠିକ୍ ଅଛି, ଧନ୍ୟବାଦ।",),
        "hi": ("अब ठीक है, धन्यवाद।",),
    },
    not_yet={
        "en": ("Same problem again since morning.", "It is not solved for the second ward.", "Two persons are still missing in the list."),
        "or": ("ଏପର୍ଯ୍ୟନ୍ତ ଠିକ୍ ହୋଇନାହିଁ।",),
        "hi": ("अभी भी वही समस्या है।",),
    },
    replies={
        "en": ("Details are as above. Please call the office if more is needed.", "Yes, we have done so. No change.", "Screen capture is sent to the help desk's mail."),
        "or": ("ହଁ, କରିଛୁ। କିନ୍ତୁ କିଛି ବଦଳିନାହିଁ।",),
        "hi": ("जी हाँ, कर लिया है। कोई बदलाव नहीं हुआ।",),
    },
    received={
        "en": (
            "Your issue is logged and this is its number. We have noted ward and work and are looking into it.",
            "Thank you for calling. The issue is logged; a trainer or the technical team takes it up next.",
            "We have received your issue and tried it in the training instance.",
        ),
    },
    further={
        "en": (
            "It is still with the technical team. They have reproduced it.",
            "The correction is in testing. Until then please use the steps we told you on the phone.",
            "The team has asked for one more day.",
        ),
    },
    asking_again={
        "en": (
            "Please send a photo of the screen with the message.",
            "Please try once more with mobile data instead of the office network and tell us what you see.",
        ),
    },
    notes={"en": ("Called the office, they will send a photo.", "Same as an issue of another body last week.", "Reproduced in the training instance.")},
    promises={
        "en": (
            "Tentative timeline for the solution",
            "We will call the office back",
            "The revised payment instruction will be checked",
        ),
    },
    graver=("Wages are waiting for it.", "All users of the body are affected."),
    milder=("One office, and there is another way to do it.", "Nothing is broken, a wish or a question."),
    handing_on=("The trainers could not solve it: needs the developers.", "Not a defect, the office needs to be shown.", "Infrastructure, not the app."),
    claims=False,
)  # fmt: skip
