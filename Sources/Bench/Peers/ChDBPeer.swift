extension Peer {
    /// ClickHouse inside the process. A tuple's unknown members and the line's unknown columns are skipped, as its
    /// defaults are for named tuples.
    static let chDB = Peer(
        module: "chdb", title: "chDB",
        script: #"""
            import json, sys, time
            import chdb
            from chdb import session
            connection = session.Session()
            path = sys.argv[1].replace("\\", "\\\\").replace("'", "\\'")
            query = f'''
            SELECT eventName AS signature, userIdentity.userName AS user, userAgent AS user_agent, sourceIPAddress AS src,
                   recipientAccountId AS vendor_account, awsRegion AS vendor_region, 'AWS CloudTrail' AS vendor_product,
                   requestParameters.repositoryName AS repository,
                   count() AS count, toUnixTimestamp(min(eventTime)) AS firstTime, toUnixTimestamp(max(eventTime)) AS lastTime
            FROM file('{path}', 'JSONEachRow', 'eventSource String, eventName String, eventTime DateTime(\\'UTC\\'),
                   userAgent String, sourceIPAddress String, recipientAccountId String, awsRegion String,
                   userIdentity Tuple(userName Nullable(String)), requestParameters Tuple(repositoryName Nullable(String))')
            WHERE eventSource = 'ecr.amazonaws.com' AND lower(eventName) = 'putimage'
              AND (toHour(eventTime) >= 20 OR toHour(eventTime) < 8 OR toDayOfWeek(eventTime) >= 6)
              AND userIdentity.userName IS NOT NULL AND requestParameters.repositoryName IS NOT NULL
            GROUP BY signature, user, user_agent, src, vendor_account, vendor_region, vendor_product, repository
            SETTINGS max_threads = {int(sys.argv[2])}, date_time_input_format = 'best_effort',
                     input_format_skip_unknown_fields = 1, input_format_json_ignore_unknown_keys_in_named_tuple = 1'''
            seconds = float("inf")
            for _ in range(3):
                began = time.perf_counter()
                text = str(connection.query(query, "JSONEachRow"))
                seconds = min(seconds, time.perf_counter() - began)
            rows = [json.loads(line) for line in text.splitlines() if line]
            print(json.dumps({"version": chdb.__version__, "seconds": seconds, "rows": rows}))
            """#)
}
