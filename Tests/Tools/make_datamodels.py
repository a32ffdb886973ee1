#!/usr/bin/env python3
"""Writes rules/datamodels/*.json, the models of Splunk's Common Information Model, from the tables below.

    make_datamodels.py            write the files
    make_datamodels.py --check    fail when a file differs, or lacks a dataset or field of the model definitions in
                                  $ACCRUE_SHARED/data/cim_models (skipped where they are not at hand)

Risk.json is written by hand.
"""
import json
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "rules", "datamodels")

# Types by name; all other fields are strings.
NUMBERS = set(
    """additional_answer_count answer_count authority_answer_count bytes bytes_in bytes_out channel cpu_cores cpu_count
    cpu_load_mhz cpu_load_percent cpu_mhz cpu_user_percent cvss delay dest_port dest_translated_port duration fan_speed
    fd_max fd_used file_size http_user_agent_length icmp_type latency lease_duration mem mem_committed mem_free
    mem_used node_port packets packets_in packets_out parent_process_id power query_count read_blocks read_latency
    read_ops recipient_count response_time retries size src_port src_translated_port ssl_validity_window storage
    storage_free storage_free_percent storage_used storage_used_percent swap swap_free swap_used temperature thruput
    thruput_max transaction_id ttl uptime url_length vip_port write_blocks write_latency write_ops""".split()
)
BOOLEANS = set(
    """cached dest_is_expected dest_requires_av dest_should_timesync dest_should_update enabled interactive
    service_dll_signature_exists service_dll_signature_verified service_signature_exists service_signature_verified
    src_requires_av src_should_timesync src_should_update ssl_is_valid""".split()
)
TIMES = set(
    "creation_time file_access_time file_create_time file_modify_time ssl_end_time ssl_start_time".split()
)
MULTIVALUES = set(
    """answer bugtraq cert cve dest_category dvc_category mitre_technique_id msft mskb object_attrs orig_recipient
    parent_process_hash process_hash query recipient recipient_domain recipient_status service_dll_hash service_hash
    src_category src_user_category ssl_hash tag tcp_flag user_category xref""".split()
)

# What most datasets share, written once. A name with a star stands for the entries of a list here.
LISTS = {
    "dest*": "dest_bunit dest_category dest_priority",
    "dvc*": "dvc_bunit dvc_category dvc_priority",
    "src*": "src_bunit src_category src_priority",
    "user*": "user_bunit user_category user_priority",
    "src_user*": "src_user_bunit src_user_category src_user_priority",
    "dest_should*": "dest_requires_av dest_should_timesync dest_should_update",
    "src_should*": "src_requires_av src_should_timesync src_should_update",
    "parent*": "parent_process_exec parent_process_guid parent_process_hash parent_process_id parent_process_path",
    "process*": "process_exec process_guid process_hash process_id process_path",
}


def unknown(field):
    return (field, f'if(isnull({field}) OR {field}="","unknown",{field})')


def unknown_or_dash(field):
    return (field, f'if(isnull({field}) OR {field}="" OR {field}="-","unknown",{field})')


def lower_or_null(field):
    return (field, f'if(isnotnull({field}) AND {field}!="",lower({field}),null())')


def first_of(field, other, last='"unknown"'):
    given = f'isnotnull({field}) AND {field}!="",{field}'
    return (field, f'case({given},isnotnull({other}) AND {other}!="",{other},1=1,{last})')


def number_or(field, otherwise):
    return (field, f"if(isnum({field}),{field},{otherwise})")


def total(field):
    """A total and its two parts; each missing one follows from the others."""
    into, out = field + "_in", field + "_out"
    return [
        (field, f"case(isnum({field}),{field},isnum({into}) AND isnum({out}),{into}+{out})"),
        (into, f"case(isnum({into}),{into},isnum({field}) AND isnum({out}),{field}-{out})"),
        (out, f"case(isnum({out}),{out},isnum({field}) AND isnum({into}),{field}-{into})"),
    ]


def count(field, of):
    return (field, f"case(isnum({field}),{field},isnotnull({of}),mvcount({of}),1=1,1)")


def quoted(regex):
    """A regular expression as an eval string, in which a backslash or quote is escaped by a backslash."""
    return '"' + regex.replace("\\", "\\\\").replace('"', '\\"') + '"'


# The program of a command line: in quotes; a path from a drive letter on, which may hold blanks; the first word.
PROGRAM = [
    r'(?s)^\s*"(?:[^"]*[\\/])?([^"\\/]+)(?:".*)?$',
    r'(?s)^\s*[A-Za-z]:[^"/:]*\\([^\s"\\/:]+)(?:\s.*)?$',
    r'(?s)^\s*(?:[^\s"]*[\\/])?([^\s"\\/]+).*$',
]


def program_name(field, command):
    cases = [f'isnotnull({field}) AND {field}!=""', field]
    for regex in PROGRAM:
        cases += [f"match({command},{quoted(regex)})", f'replace({command},{quoted(regex)},"\\1")']
    return (field, "case(" + ",".join(cases + ["1=1", '"unknown"']) + ")")


def matched(field, source, regex):
    """The first group of `regex` in `source`; without a match the field stays as it is."""
    return (field, f'if(match({source},{quoted(regex)}),replace({source},{quoted(regex)},"\\1"),{field})')


def mail_domain(field, source):
    """What follows the last @; without one the field stays as it is."""
    return (field, f'if(match({source},"@."),mvindex(split({source},"@"),-1),{field})')


def mail_domains(field, source):
    """The same of each value."""
    each = f'if(match({source},"@."),mvindex(split({source},"@"),-1),null())'
    return (field, f"coalesce(mvmap({source},{each}),{field})")


VENDOR_PRODUCT = (
    "vendor_product",
    'case(isnotnull(vendor_product),vendor_product,coalesce(vendor,"unknown")!="unknown" OR '
    'coalesce(product,"unknown")!="unknown",coalesce(vendor,"unknown")." ".coalesce(product,"unknown"),'
    'isnotnull(sourcetype),sourcetype,1=1,"unknown")',
)
URL_DOMAIN = r"(?s)^(?:(?:https?|ftp)://)*(?:[\w.-]+(?::\w+)?@)?([^/:]+).*$"
REFERRER_DOMAIN = r"(?s)^(?:https?|ftp)://(?:[\w.-]+(?::\w+)?@)?([^/:]+).*$"


def all_unknown(names):
    return [unknown(name) for name in names.split()]


def dataset(name, constraint, fields="", calculations=(), children=(), comment=""):
    return dict(
        name=name, constraint=constraint, fields=fields, calculations=list(calculations), children=list(children),
        comment=comment,
    )


def model(name, description, datasets, display=None, common="cim_entity_zone tag"):
    return dict(name=name, description=description, datasets=datasets, display=display, common=common)


def outcome(kind):
    """Failed and successful events, by the result too: not every source has an action."""
    return [
        dataset(f"Failed_{kind}", 'action="failure" OR result="failure"'),
        dataset(f"Successful_{kind}", 'action="success" OR result="success"'),
    ]


PROCESS_OF_EVENT = [
    *all_unknown("parent_process process"),
    program_name("parent_process_name", "parent_process"),
    program_name("process_name", "process"),
]
CHANGE_FIELDS = "dest* src* user* user_agent user_type vendor_account vendor_region"
CHANGE_CALCULATIONS = [
    *all_unknown(
        "action change_type dest dvc object object_attrs object_category object_id object_path src status user user_name"
    ),
    (
        "command",
        'case(isnull(command) OR command="","unknown",sourcetype="audittrail",Operation." ".ObjectName,1=1,command)',
    ),
    first_of("result", "signature"),
    first_of("result_id", "signature_id", "-1"),
    VENDOR_PRODUCT,
]
ACCOUNT_MANAGEMENT = dataset(
    "Account_Management",
    "tag=account",
    "dest_nt_domain src_nt_domain src_user src_user_name src_user_type src_user*",
    children=[
        dataset("Accounts_Created", 'action="created"'),
        dataset("Accounts_Deleted", 'action="deleted"'),
        dataset("Account_Lockouts", 'result="lockout"'),
        dataset("Accounts_Updated", 'action="updated" OR action="modified"'),
    ],
)
NETWORK_CHANGES = dataset(
    "Network_Changes",
    "tag=network",
    "dest_ip_range dest_port_range device_restarts direction protocol rule_action src_ip_range src_port_range",
    children=[dataset("Device_Restarts", "action=modified change_type=restart")],
)
UPDATES_FIELDS = "dest* dest_should_update dvc file_hash file_name severity severity_id"
UPDATES_CALCULATIONS = [
    *all_unknown("dest status"),
    first_of("signature", "signature_id"),
    first_of("signature_id", "signature"),
    VENDOR_PRODUCT,
]

MODELS = [
    model(
        "Alerts",
        "Alerts raised by other security products and services.",
        [
            dataset(
                "Alerts",
                "tag=alert",
                """body description dest* dest_type id mitre_technique_id severity_id signature src* src_type subject
                user* vendor_account vendor_region""",
                [
                    *all_unknown("dest severity signature_id src type user user_name"),
                    ("app", 'if(isnull(app) OR app="",sourcetype,app)'),
                ],
            )
        ],
    ),
    model(
        "Authentication",
        "Log-ons and other proofs of identity.",
        [
            dataset(
                "Authentication",
                "tag=authentication NOT (action=success user=*$)",
                """authentication_method authentication_service dest* dest_nt_domain duration process reason reason_id
                response_time session_id signature signature_id src* src_nt_domain src_user* src_user_id src_user_role
                src_user_type user* user_agent user_id user_role user_type vendor_account""",
                [
                    *all_unknown("action dest result src src_user user"),
                    ("app", 'if(isnull(app) OR app="",sourcetype,app)'),
                ],
                [
                    *outcome("Authentication"),
                    dataset("Default_Authentication", 'tag="default"', children=outcome("Default_Authentication")),
                    dataset("Insecure_Authentication", 'tag="insecure" OR tag="cleartext"'),
                    dataset(
                        "Privileged_Authentication", 'tag="privileged"', children=outcome("Privileged_Authentication")
                    ),
                ],
                comment="Successful log-ons of machine accounts, whose names end in a dollar sign, are left out.",
            )
        ],
    ),
    model(
        "Certificates",
        "Certificates seen or managed.",
        [
            dataset(
                "All_Certificates",
                "tag=certificate",
                "dest dest* dest_port duration response_time src src* src_port transport",
                children=[
                    dataset(
                        "SSL",
                        "(tag=ssl OR tag=tls)",
                        """ssl_end_time ssl_engine ssl_issuer_email ssl_issuer_locality ssl_issuer_organization
                        ssl_issuer_state ssl_issuer_street ssl_issuer_unit ssl_name ssl_policies ssl_publickey
                        ssl_publickey_algorithm ssl_serial ssl_session_id ssl_signature_algorithm ssl_start_time
                        ssl_subject_email ssl_subject_locality ssl_subject_organization ssl_subject_state
                        ssl_subject_street ssl_subject_unit ssl_version""",
                        [
                            *all_unknown(
                                "ssl_hash ssl_issuer ssl_issuer_common_name ssl_subject ssl_subject_common_name"
                            ),
                            mail_domain("ssl_issuer_email_domain", "ssl_issuer_email"),
                            mail_domain("ssl_subject_email_domain", "ssl_subject_email"),
                            (
                                "ssl_validity_window",
                                "if(isnum(ssl_end_time) AND isnum(ssl_start_time),ssl_end_time-ssl_start_time,null())",
                            ),
                            (
                                "ssl_is_valid",
                                'case(match(ssl_is_valid,"(?i)^(?:1|t|true)$"),1,'
                                'match(ssl_is_valid,"(?i)^(?:0|f|false)$"),0,'
                                "isnum(ssl_end_time) AND isnum(ssl_start_time),"
                                "if(_time>=ssl_start_time AND _time<=ssl_end_time,1,0))",
                            ),
                        ],
                    )
                ],
            )
        ],
    ),
    model(
        "Change",
        "Changes of systems, accounts, networks and cloud instances.",
        [
            dataset(
                "All_Changes",
                "tag=change",
                CHANGE_FIELDS,
                CHANGE_CALCULATIONS,
                [
                    ACCOUNT_MANAGEMENT,
                    dataset("Auditing_Changes", "tag=audit"),
                    dataset(
                        "Endpoint_Changes",
                        "tag=endpoint",
                        children=[
                            dataset("Endpoint_Restarts", "action=modified change_type=restart"),
                            dataset("Other_Endpoint_Changes", "NOT change_type=restart"),
                        ],
                    ),
                    dataset("Instance_Changes", "tag=instance", "image_id instance_type"),
                    NETWORK_CHANGES,
                ],
            )
        ],
    ),
    model(
        "Change_Analysis",
        "The older form of Change, which knew files and registry too; kept for content that still names it.",
        [
            dataset(
                "All_Changes",
                "tag=change",
                CHANGE_FIELDS,
                CHANGE_CALCULATIONS,
                [
                    ACCOUNT_MANAGEMENT,
                    dataset("Auditing_Changes", "tag=audit"),
                    dataset(
                        "Endpoint_Changes",
                        "tag=endpoint",
                        children=[
                            dataset("Endpoint_Restarts", "action=modified change_type=restart"),
                            dataset(
                                "Filesystem_Changes",
                                "(object_category=file OR object_category=directory)",
                                """file_access_time file_acl file_create_time file_hash file_modify_time file_name
                                file_path file_size""",
                            ),
                            dataset("Registry_Changes", "object_category=registry"),
                            dataset(
                                "Other_Endpoint_Changes",
                                "NOT (object_category=file OR object_category=directory OR object_category=registry) "
                                "NOT change_type=restart",
                            ),
                        ],
                    ),
                    NETWORK_CHANGES,
                ],
            )
        ],
        display="Change Analysis (Deprecated)",
    ),
    model(
        "Compute_Inventory",
        "What computers are made of and who has accounts on them.",
        [
            dataset(
                "All_Inventory",
                "tag=inventory (tag=cpu OR tag=memory OR tag=network OR tag=storage OR (tag=system tag=version) OR "
                "tag=user OR tag=virtual)",
                "description dest* enabled family hypervisor_id serial status version",
                [unknown("dest"), VENDOR_PRODUCT],
                [
                    dataset("CPU", "tag=cpu", "cpu_cores cpu_count cpu_mhz"),
                    dataset("Memory", "tag=memory", "mem"),
                    dataset(
                        "Network",
                        "tag=network",
                        "dest_ip dns inline_nat interface ip lb_method mac name node node_port src_ip vip_port",
                    ),
                    dataset(
                        "Storage",
                        "tag=storage",
                        """array blocksize cluster fd_max latency mount parent read_blocks read_latency read_ops storage
                        write_blocks write_latency write_ops""",
                    ),
                    dataset("OS", "tag=system OR tag=version", "os"),
                    dataset(
                        "User",
                        "tag=user",
                        "interactive password shell user user* user_id",
                        children=[
                            dataset("Cleartext_Passwords", "password=*"),
                            dataset("Default_Accounts", "tag=default"),
                        ],
                    ),
                    dataset(
                        "Virtual_OS",
                        "tag=virtual",
                        "hypervisor",
                        children=[dataset("Snapshot", "tag=snapshot", "size snapshot time")],
                    ),
                ],
            )
        ],
        display="Inventory",
    ),
    model(
        "DLP",
        "Incidents of data loss prevention.",
        [
            dataset(
                "DLP_Incidents",
                "tag=dlp tag=incident",
                """app dest* dest_zone dvc* dvc_zone severity_id signature_id src* src_user* src_zone user*""",
                [
                    *all_unknown(
                        "action dest dlp_type dvc object object_category object_path severity signature src src_user user"
                    ),
                    first_of("category", "object_category"),
                    VENDOR_PRODUCT,
                ],
            )
        ],
        display="Data Loss Prevention",
    ),
    model(
        "Data_Access",
        "Access to shared data: files, folders, comments, tasks.",
        [
            dataset(
                "Data_Access",
                "tag=data tag=access",
                """application_id dest_bunit dest_name dest_type dest_url dvc dvc_bunit email object_path owner
                owner_email owner_id parent_object parent_object_category parent_object_id signature signature_id
                src_bunit user_agent user_bunit user_email user_group user_id user_role user_type vendor_product_id
                vendor_region""",
                [
                    *all_unknown(
                        "action dest object object_attrs object_category object_id object_size src user user_name "
                        "vendor_account"
                    ),
                    ("app", 'if(isnull(app) OR app="",sourcetype,app)'),
                    VENDOR_PRODUCT,
                ],
            )
        ],
    ),
    model(
        "Databases",
        "State and queries of databases.",
        [
            dataset(
                "All_Databases",
                "tag=database",
                "dest dest* duration object response_time src src* user user*",
                [VENDOR_PRODUCT],
                [
                    dataset(
                        "Database_Instance",
                        "tag=instance",
                        "instance_name instance_version process_limit session_limit",
                        children=[
                            dataset(
                                "Instance_Stats",
                                "tag=stats",
                                """availability avg_executions dump_area_used instance_reads instance_writes
                                number_of_users processes sessions sga_buffer_cache_size sga_buffer_hit_limit
                                sga_data_dict_hit_ratio sga_fixed_area_size sga_free_memory sga_library_cache_size
                                sga_redo_log_buffer_size sga_shared_pool_size sga_sql_area_size start_time
                                tablespace_used""",
                            ),
                            dataset(
                                "Session_Info",
                                "tag=session",
                                """buffer_cache_hit_ratio commits cpu_used cursor elapsed_time logical_reads machine
                                memory_sorts physical_reads seconds_in_wait session_id session_status table_scans
                                wait_state wait_time""",
                            ),
                            dataset(
                                "Lock_Info",
                                "tag=lock",
                                "last_call_minute lock_mode lock_session_id logon_time obj_name os_pid serial_num",
                            ),
                        ],
                    ),
                    dataset(
                        "Database_Query",
                        "tag=query",
                        "query query_id query_time records_affected",
                        children=[
                            dataset(
                                "Tablespace",
                                "tag=tablespace",
                                "free_bytes tablespace_name tablespace_reads tablespace_status tablespace_writes",
                            ),
                            dataset(
                                "Query_Stats",
                                "tag=stats",
                                "indexes_hit query_plan_hit stored_procedures_called tables_hit",
                            ),
                        ],
                    ),
                ],
            )
        ],
    ),
    model(
        "Email",
        "Mail that was sent, filtered or delivered.",
        [
            dataset(
                "All_Email",
                "tag=email",
                """delay dest* duration file_hash file_name file_size internal_message_id message_id message_info
                orig_dest orig_recipient orig_src process process_id protocol recipient_status response_time retries
                return_addr size src* src_user* status_code subject url user user* xdelay xref""",
                [
                    *all_unknown("action dest recipient src src_user"),
                    mail_domains("recipient_domain", "recipient"),
                    mail_domain("src_user_domain", "src_user"),
                    count("recipient_count", "recipient"),
                    VENDOR_PRODUCT,
                ],
                [
                    dataset("Delivery", "tag=delivery"),
                    dataset("Content", "tag=content"),
                    dataset(
                        "Filtering",
                        "tag=filter",
                        "filter_action filter_score signature signature_extra signature_id",
                    ),
                ],
            )
        ],
    ),
    model(
        "Endpoint",
        "Processes, files, registry, services and listening ports of computers.",
        [
            dataset(
                "Processes",
                "tag=process tag=report",
                """action cpu_load_percent dest* dest_is_expected dest_should* mem_used os parent* process*
                process_current_directory user* user_id""",
                [
                    *all_unknown("dest loaded_file original_file_name parent_user user"),
                    *PROCESS_OF_EVENT,
                    ("process_integrity_level", "lower(process_integrity_level)"),
                    VENDOR_PRODUCT,
                ],
            ),
            dataset(
                "Filesystem",
                "tag=endpoint tag=filesystem",
                """dest* dest_should* file_access_time file_create_time file_modify_time image parent* process*
                user*""",
                [
                    *all_unknown("action dest file_acl file_hash file_name file_path user"),
                    number_or("file_size", "null()"),
                    *PROCESS_OF_EVENT,
                    VENDOR_PRODUCT,
                ],
            ),
            dataset(
                "Registry",
                "tag=endpoint tag=registry",
                "dest* dest_should* image parent* process* registry_hive registry_value_text status user*",
                [
                    *all_unknown(
                        "action dest registry_key_name registry_path registry_value_data registry_value_name "
                        "registry_value_type user"
                    ),
                    *PROCESS_OF_EVENT,
                    VENDOR_PRODUCT,
                ],
            ),
            dataset(
                "Services",
                "tag=service tag=report",
                """description dest* dest_is_expected dest_should* process_guid process_id service_dll service_dll_hash
                service_dll_path service_dll_signature_exists service_dll_signature_verified service_exec service_hash
                service_path service_signature_exists service_signature_verified user*""",
                [*all_unknown("dest service service_id service_name start_mode status user"), VENDOR_PRODUCT],
            ),
            dataset(
                "Ports",
                "tag=listening tag=port",
                "creation_time dest* dest_should* process_guid process_id src* src_should* state user*",
                [
                    *all_unknown("dest src transport user"),
                    ("dest_port", 'if(isnull(dest_port) OR dest_port="",0,dest_port)'),
                    number_or("src_port", "0"),
                    ("transport_dest_port", 'mvzip(transport,dest_port,"/")'),
                    VENDOR_PRODUCT,
                ],
                comment="An event of several ports stays one row here; Splunk makes one row per port.",
            ),
        ],
    ),
    model(
        "Event_Signatures",
        "Names and numbers of events, such as those of Windows.",
        [
            dataset(
                "Signatures",
                "tag=track_event_signatures (signature=* OR signature_id=*)",
                "dest dest* signature signature_id",
                [VENDOR_PRODUCT],
            )
        ],
    ),
    model(
        "Identity_Management",
        "Assets and identities, as lists of an organization.",
        [
            dataset(
                "All_Assets",
                "tag=asset",
                """asset bunit category city country dns ip is_expected lat long mac nt_host owner pci_domain priority
                requires_av should_timesync should_update""",
                comment="Splunk Enterprise Security fills this from its asset list; here it is events with the tag.",
            ),
            dataset(
                "All_Identities",
                "tag=identity",
                """bunit category email endDate first identity last managedBy nick phone prefix priority startDate
                suffix watchlist work_city work_country work_lat work_long""",
                comment="Splunk Enterprise Security fills this from its identity list; here it is events with the tag.",
            ),
        ],
        common="tag",
    ),
    model(
        "Interprocess_Messaging",
        "Messages between programs: queues, remote calls, web services.",
        [
            dataset(
                "All_Messaging",
                "tag=messaging",
                """dest dest* duration endpoint endpoint_version message message_consumed_time message_correlation_id
                message_delivered_time message_delivery_mode message_expiration_time message_id message_priority
                message_properties message_received_time message_redelivered message_reply_dest message_type parameters
                payload payload_type request_payload request_payload_type request_sent_time response_code
                response_payload_type response_received_time response_time return_message rpc_protocol status""",
            )
        ],
    ),
    model(
        "Intrusion_Detection",
        "Attacks seen by intrusion detection.",
        [
            dataset(
                "IDS_Attacks",
                "tag=ids tag=attack",
                """action dest* dest_ip dest_port dest_type dvc* file_hash file_name file_path severity_id signature_id
                src* src_ip src_port transport user*""",
                [*all_unknown("category dest dvc ids_type severity signature src user"), VENDOR_PRODUCT],
                [
                    dataset("Application_IDS_Attacks", 'ids_type="application"'),
                    dataset("Host_IDS_Attacks", 'ids_type="host"'),
                    dataset("Network_IDS_Attacks", 'ids_type="network"'),
                ],
            )
        ],
    ),
    model(
        "JVM",
        "State of Java virtual machines.",
        [
            dataset(
                "JVM",
                "tag=jvm",
                "jvm_description",
                children=[
                    dataset(
                        "Threading",
                        "tag=threading",
                        """cm_enabled cm_supported cpu_time_enabled cpu_time_supported current_cpu_time
                        current_user_time daemon_thread_count omu_supported peak_thread_count synch_supported
                        thread_count threads_started""",
                    ),
                    dataset(
                        "Runtime",
                        "tag=runtime",
                        "process_name start_time uptime version",
                        [VENDOR_PRODUCT],
                    ),
                    dataset(
                        "OS",
                        "tag=os",
                        """committed_memory cpu_time free_physical_memory free_swap max_file_descriptors
                        open_file_descriptors os os_architecture os_version physical_memory swap_space system_load
                        total_processors""",
                    ),
                    dataset("Compilation", "tag=compilation", "compilation_time"),
                    dataset("Classloading", "tag=classloading", "current_loaded total_loaded total_unloaded"),
                    dataset(
                        "Memory",
                        "tag=memory",
                        """heap_committed heap_initial heap_max heap_used non_heap_committed non_heap_initial
                        non_heap_max non_heap_used objects_pending""",
                    ),
                ],
            )
        ],
    ),
    model(
        "Malware",
        "Malware that was found, and the state of the protection against it.",
        [
            dataset(
                "Malware_Attacks",
                "tag=malware tag=attack",
                """dest* dest_ip dest_requires_av file_hash file_name file_path severity_id signature_id src src* src_ip
                src_user url user*""",
                [
                    *all_unknown("action category dest dest_nt_domain severity signature user"),
                    ("date", 'strftime(_time,"%m-%d-%Y")'),
                    VENDOR_PRODUCT,
                ],
                [
                    dataset("Allowed_Malware", 'action="allowed"'),
                    dataset("Blocked_Malware", 'action="blocked"'),
                    dataset("Deferred_Malware", 'action="deferred"'),
                    dataset("Quarantined_Malware", 'action="deferred"', comment="The older name of Deferred_Malware."),
                ],
            ),
            dataset(
                "Malware_Operations",
                "tag=malware tag=operations",
                "dest* dest_requires_av product_version signature_version",
                [*all_unknown("dest dest_nt_domain"), VENDOR_PRODUCT],
            ),
        ],
    ),
    model(
        "Network_Resolution",
        "Names that were resolved.",
        [
            dataset(
                "DNS",
                "tag=network tag=resolution tag=dns",
                """additional_answer_count authority_answer_count dest* dest_ip dest_port duration name query_type
                record_type reply_code response_time src src* src_ip src_port transaction_id transport ttl""",
                [
                    *all_unknown("answer dest message_type query"),
                    count("answer_count", "answer"),
                    count("query_count", "query"),
                    first_of("reply_code_id", "reply_code"),
                    VENDOR_PRODUCT,
                ],
                comment="reply_code stays as the event has it; Splunk translates numbers by a lookup.",
            )
        ],
        display="Network Resolution (DNS)",
    ),
    model(
        "Network_Sessions",
        "Sessions on a network: DHCP leases, VPN connections.",
        [
            dataset(
                "All_Sessions",
                "tag=network tag=session",
                """action dest* duration response_time signature signature_id src* src_dns src_ip src_mac src_nt_host
                user*""",
                [
                    *all_unknown("dest_dns dest_nt_host dvc user"),
                    (
                        "dest_ip",
                        'case(like(source,"stream%") AND isnotnull(yiaddr) AND yiaddr!="",yiaddr,'
                        'isnull(dest_ip) OR dest_ip="","unknown",1=1,dest_ip)',
                    ),
                    (
                        "dest_mac",
                        'case(like(source,"stream%") AND isnotnull(chaddr) AND chaddr!="",chaddr,'
                        'isnull(dest_mac) OR dest_mac="","unknown",1=1,dest_mac)',
                    ),
                    VENDOR_PRODUCT,
                ],
                [
                    dataset("Session_Start", "tag=start"),
                    dataset("Session_End", "tag=end"),
                    dataset("DHCP", "tag=dhcp", "lease_duration lease_scope"),
                    dataset("VPN", "tag=vpn"),
                ],
            )
        ],
    ),
    model(
        "Network_Traffic",
        "Connections and packets on a network.",
        [
            dataset(
                "All_Traffic",
                "tag=network tag=communicate",
                """app channel dest* dest_interface dest_ip dest_mac dest_translated_ip dest_translated_port dest_zone
                direction duration dvc* dvc_ip dvc_mac dvc_zone flow_id icmp_code icmp_type process_guid process_id
                protocol protocol_version response_time rule_id session_id src* src_interface src_ip src_mac
                src_translated_ip src_translated_port src_zone ssid tcp_flag tos ttl user* vendor_account vlan wifi""",
                [
                    *all_unknown("action dest dvc rule src user"),
                    ("transport", 'if(isnull(transport) OR transport="","unknown",lower(transport))'),
                    number_or("dest_port", "0"),
                    number_or("src_port", "0"),
                    *total("bytes"),
                    *total("packets"),
                    VENDOR_PRODUCT,
                ],
                [
                    dataset(
                        "Traffic_By_Action",
                        "action=*",
                        children=[
                            dataset("Allowed_Traffic", "action=allowed"),
                            dataset("Blocked_Traffic", "action=blocked"),
                        ],
                    )
                ],
            )
        ],
    ),
    model(
        "Performance",
        "Load of computers.",
        [
            dataset(
                "All_Performance",
                "tag=performance",
                "dest dest* dest_should_timesync dest_should_update hypervisor_id resource_type",
                children=[
                    dataset("CPU", "tag=cpu", "cpu_load_mhz cpu_load_percent cpu_time cpu_user_percent"),
                    dataset("Facilities", "tag=facilities", "fan_speed power temperature"),
                    dataset("Memory", "tag=memory", "mem mem_committed mem_free mem_used swap swap_free swap_used"),
                    dataset(
                        "Storage",
                        "tag=storage",
                        """array blocksize cluster fd_max fd_used latency mount parent read_blocks read_latency read_ops
                        storage storage_free storage_free_percent storage_used storage_used_percent write_blocks
                        write_latency write_ops""",
                    ),
                    dataset("Network", "tag=network", "thruput thruput_max"),
                    dataset(
                        "OS",
                        "tag=os",
                        "signature signature_id",
                        children=[
                            dataset("Timesync", "tag=synchronize tag=time", "action"),
                            dataset("Uptime", "tag=uptime", "uptime"),
                        ],
                    ),
                ],
            )
        ],
    ),
    model(
        "Ticket_Management",
        "Tickets of help desks: changes, incidents, problems.",
        [
            dataset(
                "All_Ticket_Management",
                "tag=ticketing",
                """affect_dest comments description dest dest* priority severity severity_id splunk_id splunk_realm
                src_user src_user* status ticket_id time_submitted user user*""",
                children=[
                    dataset("Change", "tag=change", "change"),
                    dataset("Incident", "tag=incident", "incident"),
                    dataset("Problem", "tag=problem", "problem"),
                ],
            )
        ],
    ),
    model(
        "UEBA",
        "Findings of Splunk User Behavior Analytics; kept for content that still names them.",
        [
            dataset(
                "All_UEBA_Events",
                "tag=ueba",
                """action app category description dest dest* dvc dvc* event_id link modify_time severity severity_id
                signature src src* start_time uba_event_id uba_event_type uba_host uba_time url user user*""",
                children=[
                    dataset("UEBA_Anomalies", "tag=anomaly", "uba_model uba_model_version"),
                    dataset("UEBA_Threats", "tag=threat", "threat_category"),
                ],
            )
        ],
    ),
    model(
        "Updates",
        "Patches that are available or were installed.",
        [
            dataset(
                "Updates",
                "tag=update tag=status",
                UPDATES_FIELDS,
                UPDATES_CALCULATIONS,
                [
                    dataset("Available_Updates", 'status="available"'),
                    dataset("Installed_Updates", 'status="installed"'),
                    dataset("Restart_Required_Updates", 'status="restart_required"'),
                ],
            ),
            dataset("Update_Errors", "tag=update tag=error", UPDATES_FIELDS, UPDATES_CALCULATIONS),
        ],
    ),
    model(
        "Vulnerabilities",
        "Weaknesses found on computers.",
        [
            dataset(
                "Vulnerabilities",
                "tag=vulnerability tag=report",
                "cvss dest* dvc* severity_id signature_id url user user*",
                [
                    *all_unknown("category dest dvc severity signature"),
                    *[lower_or_null(name) for name in "bugtraq cert cve msft mskb xref".split()],
                    VENDOR_PRODUCT,
                ],
                [
                    dataset("High_Critical_Vulnerabilities", '(severity="high" OR severity="critical")'),
                    dataset("Medium_Vulnerabilities", 'severity="medium"'),
                    dataset("Low_Informational_Vulnerabilities", '(severity="low" OR severity="informational")'),
                ],
            )
        ],
    ),
    model(
        "Web",
        "Requests to web servers and through proxies.",
        [
            dataset(
                "Web",
                "tag=web",
                """app cached category cookie dest* dest_ip dest_port duration response_time site src* src_ip uri_path
                uri_query user*""",
                [
                    *all_unknown("action user"),
                    *[
                        unknown_or_dash(name)
                        for name in (
                            "dest http_content_type http_method http_referrer http_user_agent src status url".split()
                        )
                    ],
                    matched("http_referrer_domain", "http_referrer", REFERRER_DOMAIN),
                    matched("url_domain", "url", URL_DOMAIN),
                    ("url_length", "len(url)"),
                    ("http_user_agent_length", "len(http_user_agent)"),
                    *total("bytes"),
                    VENDOR_PRODUCT,
                ],
                [
                    dataset("Proxy", "tag=proxy"),
                    dataset("Storage", "tag=storage", "error_code operation storage_name"),
                ],
            )
        ],
    ),
]


def names_of(text):
    names = []
    for word in text.split():
        names += LISTS[word].split() if word in LISTS else [word]
    return names


def field(name, owner, kind=None, editable=True):
    kind = kind or (
        "number" if name in NUMBERS else "boolean" if name in BOOLEANS else "timestamp" if name in TIMES else "string"
    )
    return {
        "fieldName": name,
        "owner": owner,
        "type": kind,
        "displayName": name,
        "required": False,
        "multivalue": name in MULTIVALUES,
        "hidden": False,
        "editable": editable,
        "comment": "",
    }


def objects_of(entry, spec, parents):
    """The dataset and its descendants, parents first."""
    lineage = ".".join([parent["objectName"] for parent in parents] + [entry["name"]])
    calculated = [name for name, _ in entry["calculations"]]
    own = names_of(entry["fields"] + ("" if parents else " " + spec["common"]))
    index = f"(`cim_{spec['name']}_indexes`) " if not parents else ""
    base = [("_time", "timestamp"), ("host", "string"), ("source", "string"), ("sourcetype", "string")]
    item = {
        "objectName": entry["name"],
        "displayName": entry["name"].replace("_", " "),
        "parentName": parents[-1]["objectName"] if parents else "BaseEvent",
        "lineage": lineage,
        "comment": entry["comment"],
        "constraints": [{"search": index + entry["constraint"], "owner": lineage}],
        "fields": ([field(name, "BaseEvent", kind, False) for name, kind in base] if not parents else [])
        + [field(name, lineage) for name in sorted(own)],
        "calculations": [
            {
                "calculationID": f"{entry['name']}_{name}",
                "owner": lineage,
                "calculationType": "Eval",
                "editable": True,
                "comment": "",
                "expression": expression,
                "outputFields": [field(name, lineage)],
            }
            for name, expression in entry["calculations"]
        ],
    }
    everything = own + calculated + [name for parent in parents for name in parent["names"]]
    twice = {name for name in everything if everything.count(name) > 1}
    assert not twice, f"{spec['name']}.{lineage} has {sorted(twice)} twice"
    item["names"] = own + calculated
    result = [item]
    for child in entry["children"]:
        result += objects_of(child, spec, parents + [item])
    return result


def text_of(spec):
    """JSON with one line per constraint, field and calculation, so that a change of one shows as one line."""
    objects = [item for entry in spec["datasets"] for item in objects_of(entry, spec, [])]
    for item in objects:
        del item["names"]
    top = {
        "modelName": spec["name"],
        "displayName": spec["display"] or spec["name"].replace("_", " "),
        "description": spec["description"],
        "objectSummary": {"Event-Based": len(objects), "Transaction-Based": 0, "Search-Based": 0},
        "objectNameList": [item["objectName"] for item in objects],
    }
    lines = json.dumps(top, indent=2)[:-2].split("\n")
    lines[-1] += ","
    lines.append('  "objects": [')
    for number, item in enumerate(objects):
        lines.append("    {")
        entries = list(item.items())
        for key, value in entries:
            comma = "," if key != entries[-1][0] else ""
            if isinstance(value, list) and value:
                lines.append(f'      "{key}": [')
                lines += [
                    "        " + json.dumps(part) + ("," if place < len(value) - 1 else "")
                    for place, part in enumerate(value)
                ]
                lines.append("      ]" + comma)
            else:
                lines.append(f'      "{key}": {json.dumps(value)}{comma}')
        lines.append("    }" + ("," if number < len(objects) - 1 else ""))
    return "\n".join(lines + ["  ]", "}", ""])


# Names that the published definitions write otherwise than Splunk's model does.
OTHER_NAMES = {
    ("Event_Signatures", "Event_Signatures"): "Signatures",
    ("JVM", "Event_Signatures"): "JVM",
}


def missing_from(folder):
    """Datasets and fields of the published definitions that are not written here."""
    ours = {}
    for spec in MODELS:
        ours[spec["name"]] = {}
        for entry in spec["datasets"]:
            for item in objects_of(entry, spec, []):
                ours[spec["name"]][item["objectName"]] = (set(item["names"]), item["constraints"][0]["search"])
    missing = []

    def visit(name, node, inherited):
        dataset_name = node["name"].replace(" ", "_")
        dataset_name = OTHER_NAMES.get((name, dataset_name), dataset_name)
        found = ours.get(name, {}).get(dataset_name)
        if found is None:
            missing.append(f"{name}.{dataset_name}")
            return
        known = inherited | found[0]
        missing.extend(
            f"{name}.{dataset_name}.{entry['name']}" for entry in node["fields"] if entry["name"] not in known
        )
        for child in node.get("child_dataset", []):
            visit(name, child, known)

    for file in sorted(os.listdir(folder)):
        if file.endswith(".json"):
            with open(os.path.join(folder, file), encoding="utf-8") as source:
                content = json.load(source)
            for node in content["objects"]:
                visit(re.sub(r"\W", "_", file[:-5]), node, set())
    return missing


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    problems = []
    for spec in MODELS:
        path = os.path.join(FOLDER, spec["name"] + ".json")
        text = text_of(spec)
        if check:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    problems.append(f"{path} is not what make_datamodels.py writes")
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    shared = os.path.join(os.environ.get("ACCRUE_SHARED", os.path.join(ROOT, "..", "shared")), "data", "cim_models")
    if check and os.path.isdir(shared):
        problems += [f"missing: {name}" for name in missing_from(shared)]
    sys.exit("\n".join(problems) if problems else 0)


main()
