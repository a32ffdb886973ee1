extension Peer {
    /// Its two engines take turns, and the faster one counts.
    static let polars = Peer(
        module: "polars", title: "Polars",
        script: #"""
            import json, os, sys, time
            os.environ["POLARS_MAX_THREADS"] = sys.argv[2]
            import polars as pl
            schema = {name: pl.String for name in (
                "eventSource", "eventName", "eventTime", "userAgent", "sourceIPAddress", "recipientAccountId", "awsRegion")}
            schema["userIdentity"] = pl.Struct({"userName": pl.String})
            schema["requestParameters"] = pl.Struct({"repositoryName": pl.String})
            when, calls = pl.col("when"), pl.col("eventName")
            by = {
                "signature": calls, "user": pl.col("userIdentity").struct.field("userName"), "user_agent": pl.col("userAgent"),
                "src": pl.col("sourceIPAddress"), "vendor_account": pl.col("recipientAccountId"),
                "vendor_region": pl.col("awsRegion"), "vendor_product": pl.lit("AWS CloudTrail"),
                "repository": pl.col("requestParameters").struct.field("repositoryName")}
            query = (
                pl.scan_ndjson(sys.argv[1], schema=schema)
                .filter((pl.col("eventSource") == "ecr.amazonaws.com") & (calls.str.to_lowercase() == "putimage"))
                .with_columns(when=pl.col("eventTime").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms"))
                .filter((when.dt.hour() >= 20) | (when.dt.hour() < 8) | (when.dt.weekday() >= 6))
                .select(when, **by)
                .drop_nulls(["user", "repository"])
                .group_by(list(by))
                .agg(count=pl.len(), firstTime=when.min().dt.epoch("s"), lastTime=when.max().dt.epoch("s")))
            seconds = float("inf")
            for engine in ("in-memory", "streaming") * 3:
                began = time.perf_counter()
                rows = query.collect(engine=engine).to_dicts()
                seconds = min(seconds, time.perf_counter() - began)
            print(json.dumps({"version": pl.__version__, "seconds": seconds, "rows": rows}))
            """#)
}
