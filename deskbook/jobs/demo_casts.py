"""The cast of the demo: made-up people at made-up customers; the places exist, nobody in them
does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seat:
    name: str
    role: str
    teams: tuple[str, ...]
    temporary: bool = False
    """Ends with the campaign."""


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    plan: str = ""
    zone: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What a contact does where they work, and what their cases are sorted by because of it."""

    title: str
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works at a desk and whom it helps. `given` and `family` are put together to names."""

    seats: tuple[Seat, ...]
    customers: tuple[Customer, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    named_of: int = 3
    """Named contacts of each customer; one more belongs to the community and may read."""
    phone: str = ""
    """First digits of their numbers; empty: they have none. The rest are numbers no network gives
    out.
    """
    post_word: str = ""
    """What the directory calls a post: "designation", "role"."""
    posts: tuple[Post, ...] = ()
    pen: bool = False
    """Whether they have a number in a staff directory."""


SPARKROCK = Cast(
    seats=(
        Seat("Asha", "agent", ("support",)),
        Seat("Bala", "lead", ("support", "technical")),
        Seat("Esther Lindqvist", "owner", ("support",)),
        Seat("Kwame Boateng", "agent", ("support",)),
        Seat("Mei Tanaka", "agent", ("support", "technical")),
        Seat("Sofia Reyes", "agent", ("technical",)),
        Seat("Tomasz Nowak", "agent", ("development",)),
        Seat("Leila Haddad", "agent", ("development",)),
        Seat("Noah Tremblay", "agent", ("consultants",)),
    ),
    customers=(
        Customer("Harbour District Schools", "diamond"),
        Customer("Lakeside Family Services", "standard"),
        Customer("Maple Valley School Board", "standard"),
        Customer("North Shore Housing", "basic", "America/Vancouver"),
        Customer("Prairie Community Health", "diamond", "America/Winnipeg"),
        Customer("Riverbend Children's Aid", "standard"),
        Customer("St. Alban's Hospice", "basic", "America/Toronto"),
        Customer("Tidewater Museum Trust", "standard", "America/Halifax"),
        Customer("Two Rivers Library", "basic", "America/Edmonton"),
        Customer("Union Street Shelter", "standard"),
        Customer("Westmount Settlement House", "diamond"),
        Customer("Yellow Birch Foundation", "standard"),
    ),
    given=(
        "Amara",
        "Bisi",
        "Camille",
        "Dmitri",
        "Elif",
        "Farah",
        "Gustavo",
        "Hana",
        "Ingrid",
        "Jonas",
        "Keiko",
    ),
    family=(
        "Okafor",
        "Singh",
        "Morin",
        "Petrov",
        "Yilmaz",
        "Rahman",
        "Costa",
        "Novak",
        "Berg",
        "Cohen",
        "Sato",
    ),
)

MUKTA = Cast(
    seats=(
        Seat("Asha", "agent", ("help desk",)),
        Seat("Bala", "lead", ("help desk", "master trainers")),
        Seat("Esther Lindqvist", "owner", ("help desk",)),
        Seat("Lipika Mohanty", "agent", ("help desk",)),
        Seat("Debendra Sahoo", "agent", ("help desk",)),
        Seat("Gita Pradhan", "agent", ("master trainers",)),
        Seat("Subhash Barik", "agent", ("hudd technical",)),
        Seat("Anjali Rao", "agent", ("egov",)),
        Seat("Vikram Nair", "agent", ("egov",)),
    ),
    customers=(
        Customer("Jatni Municipality"),
        Customer("Dhenkanal Municipality"),
        Customer("Puri Municipality"),
        Customer("Sambalpur Municipal Corporation"),
        Customer("Berhampur Municipal Corporation"),
        Customer("Cuttack Municipal Corporation"),
        Customer("Rourkela Municipal Corporation"),
        Customer("Lotus Self-Help Group, ward 8"),
        Customer("New Dawn Slum Dwellers' Association"),
        Customer("Banyan Women's Collective, ward 14"),
    ),
    given=(
        "Mamata",
        "Ranjan",
        "Kabita",
        "Tapan",
        "Sasmita",
        "Bijay",
        "Jyoti",
        "Manas",
        "Pratima",
        "Soumya",
        "Rekha",
    ),
    family=(
        "Behera",
        "Swain",
        "Das",
        "Nayak",
        "Rout",
        "Jena",
        "Patra",
        "Sethi",
        "Parida",
        "Khan",
        "Murmu",
    ),
    languages=("or", "en", "or", "hi", "en"),
    phone="+9110000",
)


SPARK = Cast(
    seats=(
        Seat("Asha", "agent", ("pmu",)),
        Seat("Bala", "lead", ("pmu",)),
        Seat("Esther Lindqvist", "owner", ("pmu",)),
        Seat("Haritha Varma", "agent", ("pmu",)),
        Seat("Yusuf Kolakkadan", "agent", ("pmu",)),
        Seat("Meera Chacko", "agent", ("pmu", "dmt")),
        Seat("Rajan Thekkedath", "agent", ("dmt",)),
        Seat("Sulekha Puthiyapura", "agent", ("kannur regional desk",)),
        Seat("Dinesh Maniyoth", "agent", ("kannur regional desk",)),
        Seat("Amina Thayyil", "agent", ("kannur treasury", "kasaragod treasury")),
        Seat("Biju Areekkal", "agent", ("kozhikode treasury", "wayanad treasury")),
        Seat("Fousiya Valappil", "agent", ("malappuram treasury", "palakkad treasury")),
        Seat("Lakshmi Vadakkoot", "agent", ("thrissur treasury",)),
        Seat("Jomon Pallath", "agent", ("ernakulam treasury", "idukki treasury")),
        Seat("Sreedevi Karott", "agent", ("kottayam treasury", "alappuzha treasury")),
        Seat("Shaji Menacherry", "agent", ("kollam treasury", "pathanamthitta treasury")),
        Seat("Nisha Arackal", "agent", ("thiruvananthapuram treasury",)),
    ),
    customers=(
        Customer("Government Higher Secondary School, Hill Road", district="Kannur"),
        Customer("Village Office, River Bank", district="Kollam"),
        Customer("Taluk Hospital, Market Junction", district="Ernakulam"),
        Customer("Krishi Bhavan, Paddy Lane", district="Wayanad"),
        Customer("Sub-Registrar's Office, Old Town", district="Thrissur"),
        Customer("Government Polytechnic, Lake View", district="Kozhikode"),
        Customer("Panchayat Office, Coconut Grove", district="Kottayam"),
        Customer("District Office of Audit, Fort Side", district="Thiruvananthapuram"),
        Customer("Veterinary Dispensary, East Ghat", district="Palakkad"),
        Customer("Harbour Engineering Office", district="Alappuzha"),
    ),
    given=(
        "Anitha",
        "Basheer",
        "Chithra",
        "Deepak",
        "Elsy",
        "Faisal",
        "Girija",
        "Harish",
        "Jancy",
        "Kabeer",
        "Latha",
    ),
    family=(
        "Nambiar",
        "Kurian",
        "Pillai",
        "Mappila",
        "Warrier",
        "Thomas",
        "Ezhuthachan",
        "Rawther",
        "Panicker",
    ),
    languages=("ml", "en", "ml", "en"),
    phone="+9110001",
    post_word="designation",
    posts=(Post("DDO"), Post("Establishment user"), Post("Controlling officer"), Post("Employee")),
    pen=True,
)

_MONITOR = {"reporter": "local monitor or district supervisor"}
_FIELD = {"reporter": "field worker"}

SALAMA = Cast(
    seats=(
        Seat("Asha", "agent", ("help desk",)),
        Seat("Bala", "lead", ("help desk",)),
        Seat("Esther Lindqvist", "owner", ("help desk",)),
        Seat("Lúcia Namburete", "agent", ("help desk",), temporary=True),
        Seat("Celso Muianga", "agent", ("help desk",), temporary=True),
        Seat("Teresa Cossa", "agent", ("help desk",), temporary=True),
        Seat("Abdul Momade", "agent", ("help desk",), temporary=True),
        Seat("Graça Nhantumbo", "agent", ("local support",), temporary=True),
        Seat("Osvaldo Wamusse", "agent", ("local support",), temporary=True),
        Seat("Fátima Juma", "agent", ("local support",), temporary=True),
        Seat("Manuel Tivane", "agent", ("local support",), temporary=True),
        Seat("Anjali Rao", "agent", ("egov india",)),
        Seat("Vikram Nair", "agent", ("egov india",)),
        Seat("Sunita Gowda", "agent", ("egov india",)),
        Seat("Imran Shaikh", "agent", ("egov india",)),
    ),
    customers=(
        Customer("Distrito de Ribáuè", district="Ribáuè"),
        Customer("Distrito de Malema", district="Malema"),
        Customer("Distrito de Monapo", district="Monapo"),
        Customer("Distrito de Meconta", district="Meconta"),
        Customer("Equipa provincial de Nampula", district="Nampula"),
    ),
    given=(
        "Amélia",
        "Benedito",
        "Catarina",
        "Domingos",
        "Ernestina",
        "Felizardo",
        "Glória",
        "Hassane",
        "Ilda",
    ),
    family=("Matsinhe", "Ussene", "Cumbane", "Saíde", "Macuácua", "Muhate", "Nhaca"),
    languages=("pt", "pt", "pt", "en"),
    named_of=6,
    phone="+25800000",
    post_word="role",
    posts=(
        Post("District supervisor", _MONITOR),
        Post("Local monitor", _MONITOR),
        Post("Registrar", _FIELD),
        Post("Distributor", _FIELD),
        Post("Field supervisor", _MONITOR),
        Post("Warehouse manager", _FIELD),
    ),
)

CASTS = {"sparkrock": SPARKROCK, "mukta": MUKTA, "spark": SPARK, "salama": SALAMA}
"""Key of a desk → who is there."""
