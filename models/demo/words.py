"""Names for made-up sends. Anyone real is a coincidence; some are awkward on purpose."""

FIRST = (
    "Priya", "Tomás", "Zoë", "Ola", "Grace", "Ahmed", "Lena", "Sam", "Julia", "Wei", "Noor", "Ben",
    "Ines", "Kofi", "Rosa", "Teo", "Mina", "Yuki", "Aaliyah", "Bram", "Chidi", "Dóra", "Emre", "Fatima",
    "Gita", "Hugo", "Ivo", "Jana", "Karim", "Lucía", "Mateus", "Nadia", "Oskar", "Petra", "Quinn",
    "Ravi", "Sofia", "Thandi", "Uma", "Viktor", "Wren", "Ximena", "Yara", "Zahra", "Anders", "Beatriz",
)  # fmt: skip
LAST = (
    "Raman", "Ibáñez", "Müller-Łuk", "Nordmann", "Halloway", "Al-Sayed", "Fischer", "Okafor", "Kowalska",
    "Chen", "Haddad", "Carter", "Duarte", "Mensah", "Quill", "Brandt", "Tanaka", "Osei", "de Vries",
    "Szabó", "Demir", "Rahman", "Iyer", "Laurent", "Marsh", "Novák", "Aziz", "Ortega", "Silva", "Petrov",
    "Lindqvist", "Horvat", "Reyes", "Nkosi", "Berg", "Ferrari", "O’Neill", "Papadaki", "Kim", "Walsh",
)  # fmt: skip
COMPANIES = (
    "Northwind", "Acme GmbH", "Lotus Labs", "Fjordbank", "Harbour Systems", "Gulf Trading", "Kite & Co",
    "Dom Ltd", "Jade Cloud", "Cedar AI", "Porto Foods", "Volta", "Bluebird Health", "Granite Legal",
    "Sunrise [EMEA]", "Paper Crane", "Ostrava Steel", "Mango Mobility", "Tundra Games", "Half & Half",
    "株式会社さくら", "Atelier Ümlaut", "Quarry Data", "Saffron Retail", "Loop [/] Hook",
)  # fmt: skip
CAMPAIGNS = (
    "Onboarding kit", "Coffee on us", "Q4 renewal thanks", "Event follow-up", "Spring welcome kit",
    "Executive dinner", "Referral reward", "New hire box", "Holiday 2026", "Webinar lunch",
    "Win-back treat", "Customer day",
)  # fmt: skip
SENDERS = (
    ("Marc Fernandez", "Marketing Ops"), ("Ivo Marsh", "CS West"), ("Ana Sol", "SDR East"),
    ("Hanna Lund", "Nordics"), ("Peter Obi", "People"), ("Sue Ward", "Field Events"),
)  # fmt: skip
NOTES = (
    "VIP, please rush", "Recipient moved office; new address asked for", "Sender knows",
    "Warehouse says the box is out of stock until Monday", "Third gift for this account this year",
)  # fmt: skip
REASONS = {
    "shipped": (
        "Carrier confirms the pickup by phone", "Tracking shows the first scan",
        "Support wrote that it has left", "Warehouse handed it over already",
    ),
    "delivered": (
        "Carrier confirms the delivery by phone", "Recipient wrote that it arrived",
        "Sender was thanked for it", "Reception signed for it",
    ),
}  # fmt: skip
"""Why an agent sets a status, by its slug."""
