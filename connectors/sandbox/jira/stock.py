"""What a new site ships with, as Jira Service Management sets it up."""

from __future__ import annotations

TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
DESK = "com.atlassian.servicedesk:"
LINGO = "com.atlassian.servicedesk.servicedesk-lingo-integration-plugin:"
MAJOR = "com.atlassian.jira.modules.servicemanagement.major-incident-entity:"

CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
STATUSES = {
    "Open": "new",
    "Waiting for support": "new",
    "Work in progress": "indeterminate",
    "Pending": "indeterminate",
    "Waiting for customer": "indeterminate",
    "Resolved": "done",
    "Completed": "done",
    "Closed": "done",
    "Canceled": "done",
}
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
RESOLUTIONS = ("Done", "Won't Do", "Duplicate", "Cannot Reproduce")
DESK_TYPES = ("[System] Incident", "[System] Service request", "[System] Problem", "[System] Change")
OTHER_TYPES = ("Task", "Bug", "Story")
FIRST_STATUS = {"[System] Service request": "Waiting for support"}
REQUEST_TYPES = {"[System] Incident": "Report a system problem", "[System] Service request": "Get IT help"}
"""Problems and changes are agents' own: they have no request type and are not on the portal."""

LINK_TYPES = (
    ("Problem/Incident", "is caused by", "causes"),
    ("Blocks", "is blocked by", "blocks"),
    ("Relates", "relates to", "relates to"),
    ("Duplicate", "is duplicated by", "duplicates"),
)
"""Name, inward and outward words."""

SYSTEM_FIELDS = (
    ("summary", "Summary", "text"),
    ("description", "Description", "textarea"),
    ("issuetype", "Issue Type", "issuetype"),
    ("project", "Project", "project"),
    ("status", "Status", "status"),
    ("statuscategorychangedate", "Status Category Changed", "moment"),
    ("priority", "Priority", "priority"),
    ("resolution", "Resolution", "resolution"),
    ("resolutiondate", "Resolved", "moment"),
    ("assignee", "Assignee", "user"),
    ("reporter", "Reporter", "user"),
    ("creator", "Creator", "user"),
    ("labels", "Labels", "labels"),
    ("components", "Components", "components"),
    ("issuelinks", "Linked Issues", "links"),
    ("comment", "Comment", "comments"),
    ("watches", "Watchers", "watches"),
    ("created", "Created", "moment"),
    ("updated", "Updated", "moment"),
)
NEVER_ON_SCREEN = {
    "project", "status", "statuscategorychangedate", "resolutiondate", "creator", "watches", "created", "updated",
}  # fmt: skip

CUSTOM_FIELDS = (
    ("Request Type", "requesttype", DESK + "vp-origin"),
    ("Organizations", "organizations", DESK + "sd-customer-organizations"),
    ("Request participants", "users", DESK + "sd-request-participants"),
    ("Satisfaction", "feedback", DESK + "sd-request-feedback"),
    ("Request language", "language", LINGO + "sd-request-language"),
    ("Affected services", "services", "com.atlassian.jira.plugins.service-entity:service-entity-field-cftype"),
    ("Major incident", "major", MAJOR + "major-incident-entity-field-cftype"),
    ("Time to resolution", "sla", DESK + "sd-sla-field"),
    ("Time to first response", "sla", DESK + "sd-sla-field"),
    ("Impact", "select", TYPES + "select"),
    ("Urgency", "select", TYPES + "select"),
    ("Pending reason", "select", TYPES + "select"),
    ("Team", "team", TYPES + "atlassian-team"),
)  # fmt: skip
OPTIONS = {
    "Impact": ("Extensive / Widespread", "Significant / Large", "Moderate / Limited", "Minor / Localized"),
    "Urgency": ("Critical", "High", "Medium", "Low"),
    "Pending reason": ("More info required", "Awaiting approval", "Waiting on vendor", "Pending on change request"),
}
FIELD_TYPES = {
    "select": TYPES + "select",
    "multiselect": TYPES + "multiselect",
    "group": TYPES + "grouppicker",
    "user": TYPES + "userpicker",
    "users": TYPES + "multiuserpicker",
    "text": TYPES + "textfield",
    "textarea": TYPES + "textarea",
    "number": TYPES + "float",
    "datetime": TYPES + "datetime",
    "labels": TYPES + "labels",
    "team": TYPES + "atlassian-team",
    "sla": DESK + "sd-sla-field",
}
"""The kinds that an admin may add, and what `schema.custom` says of them."""

NOT_ON_SCREEN = {"Time to resolution", "Time to first response", "Satisfaction", "Request Type"}

LANGUAGES = {
    "": "English", "en": "English", "nb": "Norsk (bokmål)", "de": "Deutsch", "fr": "Français", "ja": "日本語",
    "sv": "Svenska", "es": "Español", "pt": "Português", "nl": "Nederlands", "da": "Dansk", "fi": "Suomi",
}  # fmt: skip

WORDS = {
    "de": {
        "Summary": "Zusammenfassung", "Description": "Beschreibung", "Priority": "Priorität",
        "Assignee": "Zugewiesene Person", "Reporter": "Autor", "Labels": "Stichwörter", "Components": "Komponenten",
        "Updated": "Aktualisiert", "Created": "Erstellt", "Request language": "Anfragesprache",
        "Organizations": "Organisationen", "Request participants": "Anfrageteilnehmer", "Impact": "Auswirkung",
        "Urgency": "Dringlichkeit", "Affected services": "Betroffene Dienste", "Major incident": "Schwerer Vorfall",
        "Time to resolution": "Zeit bis zur Lösung", "Time to first response": "Zeit bis zur ersten Antwort",
        "Satisfaction": "Zufriedenheit", "Highest": "Höchste", "High": "Hoch", "Medium": "Mittel", "Low": "Niedrig",
        "Lowest": "Niedrigste", "Open": "Offen", "Resolved": "Gelöst", "Closed": "Geschlossen",
        "Waiting for customer": "Warten auf Kunde", "Waiting for support": "Warten auf Support",
        "Work in progress": "In Arbeit", "Done": "Fertig", "To Do": "Zu erledigen", "In Progress": "In Arbeit",
        "Today": "Heute",
    },
    "nb": {
        "Summary": "Sammendrag", "Description": "Beskrivelse", "Priority": "Prioritet", "Assignee": "Tilordnet",
        "Impact": "Konsekvens", "Urgency": "Hastegrad", "Highest": "Høyest", "High": "Høy", "Medium": "Middels",
        "Low": "Lav", "Lowest": "Lavest", "Open": "Åpen", "Resolved": "Løst", "Closed": "Lukket",
        "Waiting for customer": "Venter på kunde", "Time to resolution": "Tid til løsning", "Today": "I dag",
    },
}  # fmt: skip
"""Names as sites show them in other languages; what is missing stays in English, as on the platform."""
