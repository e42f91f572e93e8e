"""What a new instance brings along: tables, fields, choices, the priority lookup and a few records."""

from __future__ import annotations

_SYS = (
    "sys_id:GUID sys_created_on:glide_date_time sys_created_by:string(40) sys_updated_on:glide_date_time "
    "sys_updated_by:string(40) sys_mod_count:integer"
)

_TABLES = {
    "task": (
        "",
        f"{_SYS} sys_class_name:sys_class_name sys_domain:string(32) number:string(40) active:boolean "
        "state:integer short_description:string(160) description:string(4000) impact:integer urgency:integer "
        "priority:integer assignment_group:reference>sys_user_group assigned_to:reference>sys_user "
        "company:reference>core_company cmdb_ci:reference>cmdb_ci business_service:reference>cmdb_ci_service "
        "service_offering:reference>cmdb_ci_service contact_type:string(40) opened_at:glide_date_time "
        "opened_by:reference>sys_user closed_at:glide_date_time closed_by:reference>sys_user "
        "due_date:glide_date_time work_start:glide_date_time work_end:glide_date_time close_notes:string(4000) "
        "comments:journal_input work_notes:journal_input comments_and_work_notes:journal_list "
        "watch_list:glide_list>sys_user work_notes_list:glide_list>sys_user parent:reference>task "
        "correlation_id:string(100) correlation_display:string(100) escalation:integer approval:string(40) "
        "made_sla:boolean knowledge:boolean reassignment_count:integer business_duration:glide_duration "
        "calendar_duration:glide_duration location:reference>cmn_location",
    ),
    "incident": (
        "task",
        "caller_id:reference>sys_user category:string(40) subcategory:string(40) severity:integer "
        "incident_state:integer hold_reason:integer notify:integer reopen_count:integer reopened_by:reference>sys_user "
        "reopened_time:glide_date_time resolved_at:glide_date_time resolved_by:reference>sys_user "
        "close_code:string(40) calendar_stc:integer business_stc:integer parent_incident:reference>incident "
        "problem_id:reference>task rfc:reference>task caused_by:reference>task child_incidents:integer "
        "business_impact:string(4000) major_incident_state:string(40)",
    ),
    "sc_request": ("task", "requested_for:reference>sys_user request_state:string(40) stage:string(40)"),
    "sc_req_item": (
        "task",
        "request:reference>sc_request cat_item:reference>sc_cat_item requested_for:reference>sys_user stage:string(40) "
        "quantity:integer price:string(40) estimated_delivery:glide_date_time backordered:boolean",
    ),
    "sc_task": (
        "task",
        "request:reference>sc_request request_item:reference>sc_req_item cat_item:reference>sc_cat_item",
    ),
    "sc_cat_item": ("", f"{_SYS} name:string(100) short_description:string(200) active:boolean category:string(100)"),
    "sys_user": (
        "",
        f"{_SYS} user_name:string(40) name:string(151) first_name:string(50) last_name:string(50) email:email(100) "
        "preferred_language:string(3) time_zone:string(40) vip:boolean active:boolean title:string(60) "
        "phone:string(40) manager:reference>sys_user company:reference>core_company location:reference>cmn_location "
        "department:string(100) locked_out:boolean date_format:string(40)",
    ),
    "sys_user_group": (
        "",
        f"{_SYS} name:string(80) active:boolean email:email(100) manager:reference>sys_user description:string(1000) "
        "type:string(1024) parent:reference>sys_user_group",
    ),
    "sys_user_grmember": ("", f"{_SYS} group:reference>sys_user_group user:reference>sys_user"),
    "sys_user_role": ("", f"{_SYS} name:string(100)"),
    "sys_user_has_role": ("", f"{_SYS} user:reference>sys_user role:reference>sys_user_role state:string(40)"),
    "cmdb_ci": (
        "",
        f"{_SYS} sys_class_name:sys_class_name name:string(255) operational_status:integer "
        "support_group:reference>sys_user_group owned_by:reference>sys_user company:reference>core_company",
    ),
    "cmdb_ci_service": ("cmdb_ci", "busines_criticality:string(40) used_for:string(40) number:string(40)"),
    "cmn_location": ("", f"{_SYS} name:string(100) country:string(40) city:string(40) time_zone:string(40)"),
    "core_company": ("", f"{_SYS} name:string(80) customer:boolean vendor:boolean country:string(40)"),
    "contract_sla": (
        "",
        f"{_SYS} name:string(100) duration:glide_duration type:string(40) target:string(40) "
        "collection:string(80) active:boolean stop_condition:string(4000)",
    ),
    "task_sla": (
        "",
        f"{_SYS} task:reference>task sla:reference>contract_sla stage:string(40) has_breached:boolean active:boolean "
        "start_time:glide_date_time end_time:glide_date_time planned_end_time:glide_date_time percentage:decimal "
        "business_percentage:decimal time_left:glide_duration business_time_left:glide_duration "
        "duration:glide_duration",
    ),
    "kb_knowledge_base": ("", f"{_SYS} title:string(100) active:boolean"),
    "kb_knowledge": (
        "",
        f"{_SYS} number:string(40) short_description:string(100) text:string(65000) workflow_state:string(40) "
        "active:boolean valid_to:glide_date kb_knowledge_base:reference>kb_knowledge_base roles:string(255) "
        "can_read_user_criteria:glide_list cannot_read_user_criteria:glide_list",
    ),
    "m2m_kb_task": ("", f"{_SYS} task:reference>task kb_knowledge:reference>kb_knowledge"),
    "cmn_rota": ("", f"{_SYS} name:string(100) group:reference>sys_user_group active:boolean"),
    "cmn_rota_roster": ("", f"{_SYS} name:string(100) rota:reference>cmn_rota order:integer active:boolean"),
    "sys_choice": (
        "",
        f"{_SYS} name:string(80) element:string(80) value:string(255) label:string(255) language:string(3) "
        "sequence:integer inactive:boolean dependent_value:string(80) hint:string(255)",
    ),
    "sys_dictionary": (
        "",
        f"{_SYS} name:string(80) element:string(80) internal_type:named>sys_glide_object max_length:integer "
        "column_label:string(80) reference:named>sys_db_object active:boolean read_only:boolean mandatory:boolean "
        "choice:integer",
    ),
    "sys_db_object": ("", f"{_SYS} name:string(80) label:string(80) super_class:reference>sys_db_object"),
    "sys_properties": ("", f"{_SYS} name:string(100) value:string(4000)"),
    "sys_journal_field": (
        "",
        "sys_id:GUID sys_created_on:glide_date_time sys_created_by:string(40) name:string(80) element:string(80) "
        "element_id:string(32) value:string(65000)",
    ),
    "sys_audit": (
        "",
        "sys_id:GUID sys_created_on:glide_date_time sys_created_by:string(40) tablename:string(80) "
        "documentkey:string(32) fieldname:string(80) oldvalue:string(65000) newvalue:string(65000) user:string(40) "
        "reason:string(255) record_checkpoint:integer",
    ),
}

PARENTS = {table: parent for table, (parent, _) in _TABLES.items()}
FIELDS = {table: dict(entry.split(":", 1) for entry in text.split()) for table, (_, text) in _TABLES.items()}

NUMBERED = {"incident": "INC", "sc_request": "REQ", "sc_req_item": "RITM", "sc_task": "SCTASK"}
FIRST_NUMBER = 10001

DEFAULTS = {
    "incident": {
        "active": "true", "state": "1", "incident_state": "1", "impact": "3", "urgency": "3", "priority": "5",
        "severity": "3", "category": "inquiry", "notify": "1", "escalation": "0", "approval": "not requested",
        "made_sla": "true", "knowledge": "false", "reassignment_count": "0", "reopen_count": "0",
        "child_incidents": "0", "sys_domain": "global",
    },
    "sc_req_item": {
        "active": "true", "state": "1", "impact": "3", "urgency": "3", "priority": "4", "escalation": "0",
        "approval": "requested", "made_sla": "true", "knowledge": "false", "reassignment_count": "0",
        "quantity": "1", "stage": "request_approved", "backordered": "false", "sys_domain": "global",
    },
    "sc_task": {
        "active": "true", "state": "1", "impact": "3", "urgency": "3", "priority": "4", "escalation": "0",
        "approval": "not requested", "made_sla": "true", "reassignment_count": "0", "sys_domain": "global",
    },
    "sys_user": {"active": "true", "vip": "false", "locked_out": "false"},
    "sys_user_group": {"active": "true"},
    "sc_cat_item": {"active": "true"},
    "sys_choice": {"inactive": "false", "language": "en"},
    "cmdb_ci_service": {"operational_status": "1"},
}  # fmt: skip

_SCALE = ("1=1 - High", "2=2 - Medium", "3=3 - Low")
_TASK_STATES = (
    "-5=Pending",
    "1=Open",
    "2=Work in Progress",
    "3=Closed Complete",
    "4=Closed Incomplete",
    "7=Closed Skipped",
)

CHOICES = {
    ("task", "impact"): _SCALE,
    ("task", "urgency"): _SCALE,
    ("task", "priority"): ("1=1 - Critical", "2=2 - High", "3=3 - Moderate", "4=4 - Low", "5=5 - Planning"),
    ("task", "state"): _TASK_STATES,
    ("task", "contact_type"): ("email=Email", "phone=Phone", "self-service=Self-service", "walk-in=Walk-in"),
    ("incident", "state"): ("1=New", "2=In Progress", "3=On Hold", "6=Resolved", "7=Closed", "8=Canceled"),
    ("incident", "incident_state"): ("1=New", "2=In Progress", "3=On Hold", "6=Resolved", "7=Closed", "8=Canceled"),
    ("incident", "hold_reason"): (
        "1=Awaiting Caller", "3=Awaiting Problem", "4=Awaiting Vendor", "5=Awaiting Change"),
    ("incident", "category"): (
        "inquiry=Inquiry / Help", "software=Software", "hardware=Hardware", "network=Network", "database=Database"),
    ("incident", "severity"): _SCALE,
    ("incident", "close_code"): (
        "Solution provided=Solution provided", "Duplicate=Duplicate", "Resolved by caller=Resolved by caller"),
    ("incident", "major_incident_state"): (
        "proposed=Proposed", "accepted=Accepted", "rejected=Rejected", "canceled=Canceled"),
    ("cmdb_ci_service", "busines_criticality"): (
        "1 - most critical=1 - most critical", "2 - somewhat critical=2 - somewhat critical",
        "3 - less critical=3 - less critical", "4 - not critical=4 - not critical"),
    ("sys_user", "preferred_language"): (
        "en=English", "nb=Norwegian", "vi=Vietnamese", "zh=Chinese (Simplified)", "zt=Chinese (Traditional)",
        "es=Spanish", "fr=French", "de=German"),
}  # fmt: skip
"""(table, field) → `value=label`. The states of incident, task and hold reason are those that ServiceNow ships."""

PRIORITY_MATRIX = {
    ("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3",
    ("2", "1"): "2", ("2", "2"): "3", ("2", "3"): "4",
    ("3", "1"): "3", ("3", "2"): "4", ("3", "3"): "5",
}  # fmt: skip
"""(impact, urgency) → priority, the lookup that ServiceNow ships."""

LOOKUPS = {
    "incident": ("number", "caller_id"),
    "sc_req_item": ("number",),
    "sc_task": ("number", "request_item"),
    "sys_user": ("user_name", "name", "email"),
    "sys_user_group": ("name",),
    "sys_user_grmember": ("group", "user"),
    "sys_user_role": ("name",),
    "sys_user_has_role": ("user",),
    "core_company": ("name",),
    "cmdb_ci_service": ("name",),
    "contract_sla": ("name",),
    "task_sla": ("task",),
    "m2m_kb_task": ("task",),
    "sys_choice": ("element",),
    "sys_dictionary": ("name",),
    "sys_db_object": ("name",),
    "sys_journal_field": ("element_id",),
    "sys_audit": ("documentkey",),
}
"""table → fields that are looked up by dictionary rather than by reading every record."""

DISPLAY = {
    "task": "number",
    "incident": "number",
    "sc_request": "number",
    "sc_req_item": "number",
    "sc_task": "number",
    "kb_knowledge": "number",
    "kb_knowledge_base": "title",
    "sys_choice": "label",
    "sys_dictionary": "element",
}
"""table → the field whose value stands for a record where it is shown; `name` where nothing is said."""
