#!/usr/bin/env python3
"""Write N invented CloudTrail events as NDJSON, for measuring: 500,000 are about 560 MB, 0.2 % of them PutImage.

    python3 Tests/Performance/make_cloudtrail.py /tmp/accrue-bench/cloudtrail-500000.ndjson
    python3 Tests/Performance/make_cloudtrail.py --events 5000 small.ndjson

Same seed and count, same bytes, on any number of cores: events come in blocks of 10,000, each with a generator of its own.
The times run evenly from Monday 2026-11-16 00:00 UTC to the end of that week, so a good half of the PutImage fire.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import sys
import time

START = 1794787200  # 2026-11-16T00:00:00Z, a Monday
SECONDS = 7 * 86400
BLOCK = 10_000
PUT_IMAGE_EVERY = 500

ACCOUNTS = ["111122223333", "444455556666", "777788889999", "123456789012"]
REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-northeast-1"]
REPOSITORIES = [f"{team}/{name}" for team in ("payments", "search", "ledger", "edge", "base") for name in ("api", "worker", "web", "jobs")]
AGENTS = [
    "aws-cli/2.19.1 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0-26-amd64 md/arch#x86_64 lang/python#3.12.6",
    "Boto3/1.35.60 md/Botocore#1.35.60 ua/2.0 os/linux#5.10.226-214.880.amzn2.x86_64 md/arch#x86_64 lang/python#3.11.10 md/pyimpl#CPython",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.75.0 aws-sdk-go-v2/1.32.3 ua/2.1 os/linux lang/go#1.23.2",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.225-191.878.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.412-b09 java/1.8.0_412 vendor/Oracle_Corporation cfg/retry-mode/standard]",
]
DOCKER = "docker/27.3.1 go/go1.22.7 git-commit/41ca978 kernel/6.1.0-26-amd64 os/linux arch/amd64 UpstreamClient(Docker-Client/27.3.1 \\(linux\\))"

# (eventSource, read-only, names)
CALLS = [
    ("ec2", True, "DescribeInstances DescribeVolumes DescribeSnapshots DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeImages DescribeTags DescribeNetworkInterfaces DescribeRouteTables"),
    ("ec2", False, "RunInstances StopInstances CreateTags AuthorizeSecurityGroupIngress CreateSnapshot"),
    ("s3", True, "ListBuckets GetBucketAcl GetBucketPolicy GetBucketLocation GetBucketEncryption HeadBucket"),
    ("s3", False, "PutBucketPolicy PutBucketTagging CreateBucket"),
    ("sts", True, "AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity"),
    ("iam", True, "ListUsers ListRoles GetRole ListAccessKeys GetPolicyVersion ListAttachedRolePolicies"),
    ("iam", False, "CreateAccessKey AttachRolePolicy PassRole"),
    ("kms", True, "Decrypt DescribeKey ListAliases"),
    ("kms", False, "GenerateDataKey"),
    ("ecr", True, "GetAuthorizationToken BatchCheckLayerAvailability BatchGetImage DescribeImages GetDownloadUrlForLayer DescribeRepositories ListImages"),
    ("ecr", False, "InitiateLayerUpload UploadLayerPart CompleteLayerUpload"),
    ("lambda", True, "ListFunctions20150331 GetFunction20150331v2"),
    ("logs", False, "CreateLogStream CreateLogGroup"),
    ("logs", True, "DescribeLogGroups DescribeLogStreams"),
    ("secretsmanager", True, "GetSecretValue DescribeSecret ListSecrets"),
    ("dynamodb", True, "DescribeTable ListTables"),
    ("ssm", True, "GetParameters DescribeInstanceInformation"),
    ("cloudtrail", True, "LookupEvents DescribeTrails"),
]

HOLE = "\x00"  # never in JSON text; a template is split at it


def users():
    maker = random.Random(1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for number in range(200):
        account = maker.choice(ACCOUNTS)
        name = f"user-{number:03}"
        identity = {
            "type": "IAMUser",
            "principalId": "AIDA" + "".join(maker.choices(letters, k=10)) + "EXAMPLE",
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": "AKIA" + "".join(maker.choices(letters, k=9)) + "EXAMPLE",
            "userName": name,
        }
        if number % 3 == 0:
            identity["sessionContext"] = {"attributes": {"creationDate": "2026-11-15T22:00:00Z", "mfaAuthenticated": "true"}}
        address = f"203.0.113.{number + 1}" if number % 8 else f"2001:db8:7::{number:x}"
        yield account, maker.choice(REGIONS), address, identity


def template(identity, source, name, read_only, account, region, address, agent, request, response):
    event = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": HOLE,
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": address,
        "userAgent": agent,
        "requestParameters": request,
        "responseElements": response,
        "requestID": HOLE,
        "eventID": HOLE,
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": f"{source}.{region}.amazonaws.com"},
    }
    if source in ("ecr", "kms", "s3"):
        event["resources"] = [{"accountId": account, "ARN": f"arn:aws:{source}:{region}:{account}:{name.lower()}"}]
    return json.dumps(event, separators=(",", ":")).split(json.dumps(HOLE)[1:-1])


def ordinary_templates():
    maker = random.Random(2)
    calls = [(source, read_only, name) for source, read_only, names in CALLS for name in names.split()]
    result = []
    for account, region, address, identity in users():
        for source, read_only, name in maker.sample(calls, 20):
            request = {
                "maxResults": maker.choice([50, 100, 1000]),
                "filterSet": {"items": [{"name": "tag:service", "valueSet": {"items": [{"value": maker.choice(REPOSITORIES)}]}}]},
            }
            if source == "ecr":
                request = {"repositoryName": maker.choice(REPOSITORIES), "registryId": account, "layerDigests": ["sha256:%064x" % maker.getrandbits(256)]}
            response = None if read_only else {"requestId": "%032x" % maker.getrandbits(128), "_return": True}
            result.append(template(identity, source, name, read_only, account, region, address, maker.choice(AGENTS), request, response))
    return result


def put_image_templates():
    maker = random.Random(3)
    layer = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    media = "application/vnd.docker.distribution.manifest.v2+json"
    result = []
    for number, (account, region, address, identity) in enumerate(users()):
        for repository in maker.sample(REPOSITORIES, 3):
            layers = [{"mediaType": layer, "size": maker.randrange(150, 50_000_000), "digest": "sha256:%064x" % maker.getrandbits(256)} for _ in range(maker.randrange(3, 9))]
            manifest = json.dumps({"schemaVersion": 2, "mediaType": media, "config": {"size": 5543, "digest": "sha256:%064x" % maker.getrandbits(256)}, "layers": layers}, indent=3)
            image = {"registryId": account, "repositoryName": repository, "imageManifest": manifest, "imageManifestMediaType": media}
            request = image | {"imageTag": "1.4.2"}
            response = {"image": image | {"imageId": {"imageDigest": "sha256:%064x" % maker.getrandbits(256), "imageTag": "1.4.2"}}}
            # One user in sixteen writes the call's name in another case, and one has no name at all.
            name = "putImage" if number % 16 == 5 else "PutImage"
            who = {k: v for k, v in identity.items() if k != "userName"} if number == 7 else identity
            result.append(template(who, "ecr", name, False, account, region, address, DOCKER, request, response))
    return result


TEMPLATES = {}


def load_templates():
    TEMPLATES["ordinary"] = ordinary_templates()
    TEMPLATES["put image"] = put_image_templates()


def block(task):
    seed, first, count, total = task
    maker = random.Random(f"{seed}/{first}")
    ordinary, put_image = TEMPLATES["ordinary"], TEMPLATES["put image"]
    bits, choice = maker.getrandbits, maker.choice
    stamp, lines, last, text = time.strftime, [], None, ""
    for index in range(first, first + count):
        second = START + index * SECONDS // total
        if second != last:
            last, text = second, stamp("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        parts = choice(put_image if index % PUT_IMAGE_EVERY == 250 else ordinary)
        one, two = "%032x" % bits(128), "%032x" % bits(128)
        lines.append(
            f"{parts[0]}{text}{parts[1]}{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}"
            f"{parts[2]}{two[:8]}-{two[8:12]}-{two[12:16]}-{two[16:20]}-{two[20:]}{parts[3]}\n")
    return "".join(lines).encode()


def write(path, events, seed=20261123):
    """Write `events` events to `path`, whole or not at all."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    tasks = [(seed, first, min(BLOCK, events - first), events) for first in range(0, events, BLOCK)]
    with multiprocessing.Pool(os.cpu_count(), initializer=load_templates) as pool, partial.open("wb") as file:
        for data in pool.imap(block, tasks):
            file.write(data)
    partial.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=20261123)
    arguments = parser.parse_args()
    began = time.monotonic()
    write(arguments.path, arguments.events, arguments.seed)
    size = os.path.getsize(arguments.path)
    print(f"{arguments.path}: {arguments.events} events, {size / 1e6:.0f} MB, {time.monotonic() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
