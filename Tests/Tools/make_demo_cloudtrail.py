#!/usr/bin/env python3
"""Write fixtures/cloudtrail/: two invented ISO weeks (2026-W46, W47) of CloudTrail for `make demo` and tests.

    python3 Tests/Tools/make_demo_cloudtrail.py            # rewrite fixtures/cloudtrail
    python3 Tests/Tools/make_demo_cloudtrail.py --check    # exit 1 if what is committed would change

The structure of the events is CloudTrail's (field names, nesting, nulls, an imageManifest that is JSON inside JSON).
Everybody in them is invented: AWS's own example account numbers, addresses from RFC 5737 and RFC 3849. Same seed, same
bytes: no clock is read and gzip carries no time.

The uploads that matter stand one a line in UPLOADS below, with what the seed rule does to each. The same table yields
expected-rows.csv, by a few lines that share nothing with the product: one row per hourly window and BY tuple.
"""

import argparse
import csv
import datetime as dt
import gzip
import io
import json
import pathlib
import random
import shutil
import sys
import tempfile

SEED = 20261123
FIRST_DAY = dt.date(2026, 11, 9)  # a Monday
DAYS = 14
MAIN, TOKYO = "111122223333", "444455556666"
UTC = dt.timezone.utc
ISO_WEEK = "%G-W%V"

# name: (account, region, source address, user agent)
DOCKER = r"docker/27.3.1 go/go1.22.7 git-commit/41ca978 kernel/6.1.0-26-amd64 os/linux arch/amd64 UpstreamClient(Docker-Client/27.3.1 \(linux\))"
PODMAN = "containers/5.32.2 (github.com/containers/image)"
KANIKO = "kaniko/v1.23.2"
USERS = {
    "n.okafor": (MAIN, "us-east-1", "198.51.100.23", DOCKER),
    "s.marchetti": (MAIN, "eu-central-1", "203.0.113.77", DOCKER),
    "p.lindqvist": (MAIN, "eu-central-1", "2001:db8:40::1f", PODMAN),
    "d.haddad": (MAIN, "us-east-1", "198.51.100.140", DOCKER),
    "ci-release": (MAIN, "us-east-1", "192.0.2.10", KANIKO),
    "k.tanaka": (TOKYO, "ap-northeast-1", "203.0.113.201", DOCKER),
    "r.silva": (TOKYO, "sa-east-1", "198.51.100.211", PODMAN),
}

# (eventTime as it stands in the log, user, repository, what is special). `None` as user: CloudTrail's record of a
# push by another account, which names no user. A time ending in an offset goes to an exporter's NDJSON file.
UPLOADS = [
    # W46
    ("2026-11-10T21:49:59Z", "d.haddad", "search-indexer", ""),  # last second of the window 20:50 .. 21:50
    ("2026-11-10T21:50:00Z", "d.haddad", "search-indexer", ""),  # first second of the next: two firings
    ("2026-11-11T20:40:12Z", "n.okafor", "payments-api", ""),
    ("2026-11-12T02:40:31Z", "ci-release", "base-images", "fails"),
    ("2026-11-12T14:02:10Z", "n.okafor", "payments-api", ""),
    ("2026-11-13T17:45:00-05:00", "r.silva", "edge-proxy", ""),  # 22:45 UTC, but office hours by its own text
    ("2026-11-14T10:15:44Z", "p.lindqvist", "reporting", ""),  # Saturday
    # W47, s.marchetti: six firings in two nights, never more than five within 24 hours
    ("2026-11-17T20:15:08Z", "s.marchetti", "ledger", ""),
    ("2026-11-17T21:20:41Z", "s.marchetti", "ledger", ""),
    ("2026-11-17T22:25:19Z", "s.marchetti", "ledger", ""),
    ("2026-11-18T02:10:02Z", "s.marchetti", "ledger", ""),
    ("2026-11-18T06:30:55Z", "s.marchetti", "ledger", ""),
    ("2026-11-18T21:40:33Z", "s.marchetti", "ledger", ""),
    # W47, n.okafor: six firings in one night
    ("2026-11-19T20:05:17Z", "n.okafor", "payments-api", ""),
    ("2026-11-19T21:12:49Z", "n.okafor", "payments-api", ""),
    ("2026-11-19T22:20:03Z", "n.okafor", "payments-api", ""),
    ("2026-11-19T22:25:36Z", "n.okafor", "payments-worker", ""),  # same window, another repository: a row of its own
    ("2026-11-19T22:31:58Z", "n.okafor", "payments-api", ""),  # same window, same repository: count=2, no new row
    ("2026-11-19T23:40:27Z", "n.okafor", "payments-api", ""),
    ("2026-11-20T00:35:14Z", "n.okafor", "payments-api", ""),
    # W47, the edges of the office day
    ("2026-11-18T19:59:59Z", "d.haddad", "search-indexer", ""),
    ("2026-11-18T20:00:00Z", "d.haddad", "search-indexer", ""),
    ("2026-11-19T07:59:59Z", "d.haddad", "search-indexer", ""),
    ("2026-11-19T08:00:00Z", "d.haddad", "search-indexer", ""),
    # W47, the weekend
    ("2026-11-21T11:05:21Z", "p.lindqvist", "reporting", ""),
    ("2026-11-22T15:30:09Z", "p.lindqvist", "reporting", ""),
    # W47, other zones: the hours are those of the text
    ("2026-11-17T09:30:00+09:00", "k.tanaka", "checkout", ""),  # 00:30 UTC
    ("2026-11-18T20:30:00+09:00", "k.tanaka", "checkout", ""),  # 11:30 UTC
    ("2026-11-21T03:30:00+09:00", "k.tanaka", "checkout", ""),  # Friday 18:30 UTC
    ("2026-11-18T16:10:00-05:00", "r.silva", "edge-proxy", ""),  # 21:10 UTC
    ("2026-11-18T21:30:00-05:00", "r.silva", "edge-proxy", ""),  # Thursday 02:30 UTC
    # W47, oddities
    ("2026-11-17T03:05:40Z", "ci-release", "base-images", "lower case"),
    ("2026-11-17T03:15:40Z", "ci-release", "base-images", ""),  # BY keeps case: a row beside the one above
    ("2026-11-18T03:20:11Z", None, "base-images", ""),  # no user, so stats BY drops it
    ("2026-11-19T02:00:30Z", "ci-release", "accrue-demo", "public registry"),  # eventSource is ecr-public
]

# Office-hours uploads, two or three a weekday, so that PutImage alone is no news.
OFFICE = [("ci-release", "base-images"), ("d.haddad", "search-indexer"), ("s.marchetti", "ledger"), ("p.lindqvist", "reporting")]


class Maker:
    def __init__(self):
        self.random = random.Random(SEED)

    def text(self, length, alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        return "".join(self.random.choices(alphabet, k=length))

    def hexadecimal(self, length):
        return self.text(length, "0123456789abcdef")

    def uuid(self):
        digits = self.hexadecimal(32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def iam_user(self, name):
        account = USERS[name][0]
        # Identifiers follow from the name, so that a user keeps them from event to event.
        own = random.Random(f"{SEED}/{name}")
        letters = "".join(own.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=20))
        return {
            "type": "IAMUser",
            "principalId": f"AIDA{letters[:10]}EXAMPLE",
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": f"AKIA{letters[10:19]}EXAMPLE",
            "userName": name,
        }

    def role(self, account, role, session, time):
        own = random.Random(f"{SEED}/{role}")
        principal = "AROA" + "".join(own.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=10)) + "EXAMPLE"
        return {
            "type": "AssumedRole",
            "principalId": f"{principal}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIA{self.text(9)}EXAMPLE",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": principal,
                    "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account,
                    "userName": role,
                },
                "webIdFederationData": {},
                "attributes": {"creationDate": time[:14] + "00:00Z", "mfaAuthenticated": "false"},
            },
        }

    def event(self, time, identity, source, name, account, region, address, agent, request, response, **more):
        service = source.split(".")[0]
        event = {
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": time,
            "eventSource": source,
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": address,
            "userAgent": agent,
        }
        for key in ("errorCode", "errorMessage"):
            if key in more:
                event[key] = more.pop(key)
        event |= {
            "requestParameters": request,
            "responseElements": response,
            "requestID": self.uuid(),
            "eventID": self.uuid(),
            "readOnly": more.pop("readOnly", False),
        }
        event |= more
        event |= {
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": account,
            "eventCategory": "Management",
        }
        if service not in ("signin", "kms"):
            host = f"api.ecr.{region}.amazonaws.com" if service == "ecr" else f"{service}.{region}.amazonaws.com"
            event["tlsDetails"] = {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": host,
            }
        return event

    def manifest(self, layers):
        media = "application/vnd.docker.image.rootfs.diff.tar.gzip"
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": self.random.randrange(2000, 9000),
                "digest": "sha256:" + self.hexadecimal(64),
            },
            "layers": [
                {"mediaType": media, "size": self.random.randrange(150, 50_000_000), "digest": "sha256:" + self.hexadecimal(64)}
                for _ in range(layers)
            ],
        }
        return json.dumps(manifest, indent=3)

    def put_image(self, time, user, repository, special):
        account, region, address, agent = USERS[user or "ci-release"]
        manifest = self.manifest(self.random.randrange(2, 5))
        media = "application/vnd.docker.distribution.manifest.v2+json"
        tag = f"{self.random.randrange(1, 5)}.{self.random.randrange(20)}.{self.random.randrange(30)}"
        request = {
            "repositoryName": repository,
            "registryId": account,
            "imageTag": tag,
            "imageManifest": manifest,
            "imageManifestMediaType": media,
        }
        response = {
            "image": {
                "registryId": account,
                "repositoryName": repository,
                "imageId": {"imageDigest": "sha256:" + self.hexadecimal(64), "imageTag": tag},
                "imageManifest": manifest,
                "imageManifestMediaType": media,
            }
        }
        more = {"resources": [{"accountId": account, "ARN": f"arn:aws:ecr:{region}:{account}:repository/{repository}"}]}
        if special == "fails":
            response = None
            more["errorCode"] = "ImageTagAlreadyExistsException"
            more["errorMessage"] = (
                f"The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten "
                "because the repository is immutable."
            )
        if user is None:
            # What the owner of the repository sees of a push by another account: no name, no ARN.
            identity = {"type": "AWSAccount", "principalId": "AIDAQRSTUVWXYEXAMPLE", "accountId": "777788889999"}
            address, more["sharedEventID"] = "203.0.113.8", self.uuid()
        else:
            identity = self.iam_user(user)
        source = "ecr-public.amazonaws.com" if special == "public registry" else "ecr.amazonaws.com"
        name = "putimage" if special == "lower case" else "PutImage"
        return self.event(time, identity, source, name, account, region, address, agent, request, response, **more)

    def push_prelude(self, time, user, repository):
        """The calls of `docker push` before its PutImage; none of them may fire."""
        account, region, address, agent = USERS[user]
        zone = time[19:]
        end = dt.datetime.fromisoformat(time)
        upload = self.uuid()
        digest = "sha256:" + self.hexadecimal(64)
        where = {"repositoryName": repository, "registryId": account}
        size = self.random.randrange(1000, 9_000_000)
        steps = [
            ("GetAuthorizationToken", None, None, True),
            ("BatchCheckLayerAvailability", where | {"layerDigests": [digest]}, None, True),
            ("InitiateLayerUpload", dict(where), {"uploadId": upload, "partSize": 10485760}, False),
            ("UploadLayerPart", where | {"uploadId": upload, "partFirstByte": 0, "partLastByte": size - 1},
             where | {"uploadId": upload, "lastByteReceived": size - 1}, False),
            ("CompleteLayerUpload", where | {"uploadId": upload, "layerDigests": [digest]},
             where | {"uploadId": upload, "layerDigest": digest}, False),
        ]
        resources = [{"accountId": account, "ARN": f"arn:aws:ecr:{region}:{account}:repository/{repository}"}]
        for index, (name, request, response, read_only) in enumerate(steps):
            moment = (end - dt.timedelta(seconds=4 * (len(steps) - index))).strftime("%Y-%m-%dT%H:%M:%S") + zone
            more = {"readOnly": read_only} | ({} if request is None else {"resources": resources})
            yield self.event(moment, self.iam_user(user), "ecr.amazonaws.com", name, account, region, address, agent,
                             request, response, **more)

    def background(self, day):
        """What an account does all day and night beside pushing images."""
        people = [name for name in USERS if USERS[name][0] == MAIN]
        for _ in range(48):
            second = self.random.randrange(86400)
            time = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
            user = self.random.choice(people)
            account, region, address, _ = USERS[user]
            kind = self.random.choices(
                ["DescribeImages", "ListBuckets", "AssumeRole", "ConsoleLogin", "DescribeInstances", "Decrypt",
                 "GetCallerIdentity", "BatchGetImage"], weights=[6, 4, 8, 2, 8, 8, 6, 6])[0]
            cli = "aws-cli/2.19.1 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0-26-amd64 md/arch#x86_64 lang/python#3.12.6"
            task = self.role(account, "ecs-task-execution", self.hexadecimal(32), time)
            ecr = {"registryId": account, "repositoryName": self.random.choice(OFFICE)[1]}
            if kind == "DescribeImages":
                yield self.event(time, self.iam_user(user), "ecr.amazonaws.com", kind, account, region, address, cli,
                                 ecr | {"maxResults": 100}, None, readOnly=True,
                                 resources=[{"accountId": account, "ARN": f"arn:aws:ecr:{region}:{account}:repository/{ecr['repositoryName']}"}])
            elif kind == "ListBuckets":
                yield self.event(time, self.iam_user(user), "s3.amazonaws.com", kind, account, "us-east-1", address, f"[{cli}]",
                                 {"Host": "s3.us-east-1.amazonaws.com"}, None, readOnly=True,
                                 additionalEventData={"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256",
                                                      "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader",
                                                      "bytesTransferredOut": 1182})
            elif kind == "AssumeRole":
                role = f"arn:aws:iam::{account}:role/ecs-task-execution"
                yield self.event(time, {"type": "AWSService", "invokedBy": "ecs-tasks.amazonaws.com"}, "sts.amazonaws.com",
                                 kind, account, region, "ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com",
                                 {"roleArn": role, "roleSessionName": self.hexadecimal(32), "durationSeconds": 43200},
                                 {"credentials": {"accessKeyId": f"ASIA{self.text(9)}EXAMPLE", "expiration": "Nov 22, 2026, 11:00:00 PM"}},
                                 readOnly=True, resources=[{"accountId": account, "type": "AWS::IAM::Role", "ARN": role}])
            elif kind == "ConsoleLogin":
                login = self.event(time, self.iam_user(user), "signin.amazonaws.com", kind, account, "us-east-1", address,
                                   "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", None,
                                   {"ConsoleLogin": "Success"},
                                   additionalEventData={"LoginTo": "https://console.aws.amazon.com/console/home",
                                                        "MobileVersion": "No", "MFAUsed": "Yes"})
                yield login | {"eventType": "AwsConsoleSignIn"}
            elif kind == "DescribeInstances":
                yield self.event(time, task, "ec2.amazonaws.com", kind, account, region, "192.0.2.44", cli,
                                 {"maxResults": 100, "instancesSet": {}, "filterSet": {"items": [
                                     {"name": "tag:service", "valueSet": {"items": [{"value": ecr["repositoryName"]}]}}]}},
                                 None, readOnly=True)
            elif kind == "Decrypt":
                key = f"arn:aws:kms:{region}:{account}:key/11111111-2222-3333-4444-555555555555"
                yield self.event(time, task | {"invokedBy": "secretsmanager.amazonaws.com"}, "kms.amazonaws.com", kind, account,
                                 region, "secretsmanager.amazonaws.com", "secretsmanager.amazonaws.com",
                                 {"encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key}, None, readOnly=True,
                                 resources=[{"accountId": account, "type": "AWS::KMS::Key", "ARN": key}])
            elif kind == "GetCallerIdentity":
                yield self.event(time, self.iam_user(user), "sts.amazonaws.com", kind, account, region, address, cli, None, None,
                                 readOnly=True)
            else:
                yield self.event(time, task, "ecr.amazonaws.com", kind, account, region, "192.0.2.44", DOCKER,
                                 ecr | {"imageIds": [{"imageTag": "latest"}],
                                        "acceptedMediaTypes": ["application/vnd.docker.distribution.manifest.v2+json"]},
                                 None, readOnly=True,
                                 resources=[{"accountId": account, "ARN": f"arn:aws:ecr:{region}:{account}:repository/{ecr['repositoryName']}"}])

    def all_events(self):
        for time, user, repository, special in UPLOADS:
            if user and not special:
                yield from self.push_prelude(time, user, repository)
            yield self.put_image(time, user, repository, special)
        for number in range(DAYS):
            day = FIRST_DAY + dt.timedelta(days=number)
            yield from self.background(day)
            if day.weekday() < 5:
                for user, repository in self.random.sample(OFFICE, 2):
                    second = self.random.randrange(9 * 3600, 18 * 3600)
                    time = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
                    yield from self.push_prelude(time, user, repository)
                    yield self.put_image(time, user, repository, "")


def instant(event):
    return dt.datetime.fromisoformat(event["eventTime"])


def epoch(event):
    return int(instant(event).timestamp())


def expected_rows(events):
    """One row per firing: the seed rule hourly at minute 0 over -70m@m .. -10m@m, in twenty lines."""
    rows = {}
    for event in events:
        if event["eventSource"].lower() != "ecr.amazonaws.com" or event["eventName"].lower() != "putimage":
            continue
        text = event["eventTime"]
        hour, weekday = int(text[11:13]), dt.date.fromisoformat(text[:10]).weekday()
        if not (hour >= 20 or hour < 8 or weekday >= 5):
            continue
        user = event["userIdentity"].get("userName")
        if user is None:
            continue
        # The run at R reads R-70m <= _time < R-10m.
        run = (epoch(event) + 600) // 3600 * 3600 + 3600
        key = (run, event["eventName"], user, event["userAgent"], event["sourceIPAddress"], event["recipientAccountId"],
               event["awsRegion"], "AWS CloudTrail", event["requestParameters"]["repositoryName"])
        rows.setdefault(key, []).append(epoch(event))
    stamp = lambda seconds: dt.datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for key in sorted(rows):
        times = rows[key]
        yield [stamp(key[0]), stamp(key[0] - 4200), stamp(key[0] - 600), *key[1:], len(times), stamp(min(times)), stamp(max(times))]


ROW_HEADER = ["run", "window_start", "window_end", "signature", "user", "user_agent", "src", "vendor_account", "vendor_region",
              "vendor_product", "repository", "count", "firstTime", "lastTime"]


def write(folder):
    maker = Maker()
    events = list(maker.all_events())
    logs = folder / "logs"
    delivered, exported = {}, {"siem-tokyo.ndjson": [], "siem-bogota.ndjson": []}
    for event in events:
        zone = event["eventTime"][19:]
        if zone == "Z":
            moment = instant(event)
            account, region = event["recipientAccountId"], event["awsRegion"]
            delivered.setdefault((account, region, moment.date(), moment.hour // 12), []).append(event)
        else:
            exported["siem-tokyo.ndjson" if zone.startswith("+") else "siem-bogota.ndjson"].append(event)
    for (account, region, day, half), records in sorted(delivered.items()):
        # CloudTrail delivers within minutes and in no order; a seeded shuffle stands for that.
        records.sort(key=lambda event: event["eventID"])
        name = f"{account}_CloudTrail_{region}_{day:%Y%m%d}T{half * 12 + 11}59Z_{maker.text(16)}.json.gz"
        path = logs / "AWSLogs" / account / "CloudTrail" / region / f"{day:%Y/%m/%d}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        body = json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=False).encode()
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as file:
            file.write(body)
        path.write_bytes(buffer.getvalue())
    (logs / "exports").mkdir(parents=True, exist_ok=True)
    for name, records in exported.items():
        records.sort(key=epoch)
        # One exporter keeps CloudTrail's order and writes compactly, the other sorts keys and puts blanks.
        style = {"separators": (",", ":")} if "tokyo" in name else {"sort_keys": True}
        (logs / "exports" / name).write_text("".join(json.dumps(record, **style) + "\n" for record in records))
    with (folder / "expected-rows.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ROW_HEADER)
        writer.writerows(expected_rows(events))
    return events


def firings_table(events):
    totals = {}
    for row in expected_rows(events):
        run = dt.datetime.fromisoformat(row[0])
        totals.setdefault(row[4], {}).setdefault(run.strftime(ISO_WEEK), []).append(run)
    for user in sorted(totals):
        runs = sorted(run for week in totals[user].values() for run in week)
        most = max(sum(1 for other in runs if dt.timedelta(0) <= other - run < dt.timedelta(hours=24)) for run in runs)
        yield user, len(totals[user].get("2026-W46", [])), len(totals[user].get("2026-W47", [])), most


def same(left, right):
    files = lambda root: sorted(p.relative_to(root) for p in root.rglob("*") if p.is_file() and p.name != "README.md")
    # Unpacked: another zlib may compress the same bytes otherwise.
    content = lambda path: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    names = files(left)
    return names == files(right) and all(content(left / name) == content(right / name) for name in names)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with what is committed, change nothing")
    arguments = parser.parse_args()
    target = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "cloudtrail"
    if arguments.check:
        with tempfile.TemporaryDirectory() as folder:
            write(pathlib.Path(folder))
            if same(pathlib.Path(folder), target):
                return 0
        print(f"{target} is not what this script writes; run it without --check", file=sys.stderr)
        return 1
    shutil.rmtree(target / "logs", ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    events = write(target)
    print(f"{len(events)} events in {target}")
    print(f"{'user':<14}{'W46':>5}{'W47':>5}{'most within 24 h':>18}")
    for user, before, after, most in firings_table(events):
        print(f"{user:<14}{before:>5}{after:>5}{most:>18}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
