/// What the invented CloudTrail is made of.
enum TrailVocabulary {
    static let accounts = ["111122223333", "444455556666", "777788889999", "123456789012"]
    static let regions = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-northeast-1"]
    static let repositories = ["payments", "search", "ledger", "edge", "base"].flatMap { team in
        ["api", "worker", "web", "jobs"].map { "\(team)/\($0)" }
    }

    static let agents = [
        "aws-cli/2.19.1 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0-26-amd64 md/arch#x86_64 lang/python#3.12.6",
        "Boto3/1.35.60 md/Botocore#1.35.60 ua/2.0 os/linux#5.10.226-214.880.amzn2.x86_64 md/arch#x86_64 lang/python#3.11.10 md/pyimpl#CPython",
        "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.75.0 aws-sdk-go-v2/1.32.3 ua/2.1 os/linux lang/go#1.23.2",
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.225-191.878.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.412-b09 java/1.8.0_412 vendor/Oracle_Corporation cfg/retry-mode/standard]",
    ]

    /// Both have backslashes: a reader that does not unescape them gives another group.
    static let uploadAgents = [
        "docker/27.3.1 go/go1.22.7 git-commit/41ca978 kernel/6.1.0-26-amd64 os/linux arch/amd64 UpstreamClient(Docker-Client/27.3.1 \\(linux\\))",
        "docker/26.1.4 go/go1.21.11 git-commit/de5c9cf kernel/5.15.0-124-generic os/linux arch/arm64 UpstreamClient(Docker-Client/26.1.4 \\(linux\\))",
    ]

    struct Call {
        var source: String
        var name: String
        var isReadOnly: Bool
    }

    private static let callNames: [(source: String, isReadOnly: Bool, names: String)] = [
        ("ec2", true, "DescribeInstances DescribeVolumes DescribeSnapshots DescribeSecurityGroups DescribeSubnets"),
        ("ec2", true, "DescribeVpcs DescribeImages DescribeTags DescribeNetworkInterfaces DescribeRouteTables"),
        ("ec2", false, "RunInstances StopInstances CreateTags AuthorizeSecurityGroupIngress CreateSnapshot"),
        ("s3", true, "ListBuckets GetBucketAcl GetBucketPolicy GetBucketLocation GetBucketEncryption HeadBucket"),
        ("s3", false, "PutBucketPolicy PutBucketTagging CreateBucket"),
        ("sts", true, "AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity"),
        ("iam", true, "ListUsers ListRoles GetRole ListAccessKeys GetPolicyVersion ListAttachedRolePolicies"),
        ("iam", false, "CreateAccessKey AttachRolePolicy PassRole"),
        ("kms", true, "Decrypt DescribeKey ListAliases"),
        ("kms", false, "GenerateDataKey"),
        ("ecr", true, "GetAuthorizationToken BatchCheckLayerAvailability BatchGetImage DescribeImages ListImages"),
        ("ecr", true, "GetDownloadUrlForLayer DescribeRepositories"),
        ("ecr", false, "InitiateLayerUpload UploadLayerPart CompleteLayerUpload"),
        ("lambda", true, "ListFunctions20150331 GetFunction20150331v2"),
        ("logs", false, "CreateLogStream CreateLogGroup"),
        ("logs", true, "DescribeLogGroups DescribeLogStreams"),
        ("secretsmanager", true, "GetSecretValue DescribeSecret ListSecrets"),
        ("dynamodb", true, "DescribeTable ListTables"),
        ("ssm", true, "GetParameters DescribeInstanceInformation"),
        ("cloudtrail", true, "LookupEvents DescribeTrails"),
    ]

    static let calls: [Call] = callNames.flatMap { source, isReadOnly, names in
        names.split(separator: " ").map { Call(source: source, name: String($0), isReadOnly: isReadOnly) }
    }
}
