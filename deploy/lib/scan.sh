# The limit SCAN_LIMIT for the findings of an image's scan: INFORMATIONAL, LOW, MEDIUM, HIGH or CRITICAL, and all above it, are refused.
# Without it, ECR is not asked. There is no allow list here; the build tools' command `scan` has one.

# Severities with their order. UNDEFINED and UNTRIAGED are findings that nobody has rated (infra/buildTools/severity.ts says why there).
severity_order="INFORMATIONAL=0 LOW=1 MEDIUM=2 UNDEFINED=2 UNTRIAGED=2 HIGH=3 CRITICAL=4"

# require_scan_limit - fails when SCAN_LIMIT is no severity.
require_scan_limit() {
    case $SCAN_LIMIT in
        INFORMATIONAL | LOW | MEDIUM | HIGH | CRITICAL) ;;
        *) fail "SCAN_LIMIT is \"$SCAN_LIMIT\"; allowed: INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL." ;;
    esac
}

# request_scan - asks for the scan of the image, in one call: its first page has the numbers of all findings. Besides these, the answer says
# whether a scan has ended that lists none. It is empty where the image does not exist.
request_scan() {
    if ecr describe-image-scan-findings --image-id "imageDigest=$image_digest" --no-paginate --query \
        '[imageScanStatus.status, to_string(imageScanFindings.findingSeverityCounts), to_string(imageScanFindings.imageScanCompletedAt && !(imageScanFindings.findings) && !(imageScanFindings.enhancedFindings)), imageScanStatus.description]'; then
        return 0
    fi
    case $aws_error in
        *"(ImageNotFoundException)"*) ;;
        *"(ScanNotFoundException)"*) echo none >"$scratch/answer" ;;
        *"(AccessDeniedException)"*)
            fail "SCAN_LIMIT needs ecr:DescribeImageScanFindings on the repository; nothing was changed. $aws_error"
            ;;
        *) fail "$aws_error" ;;
    esac
}

# take_scan FILE - reads the answer to request_scan, after take_image. Fails unless the scan is complete and below SCAN_LIMIT.
take_scan() {
    case $image_media_type in
        *index* | *manifest.list*)
            fail "$image_uri is an index, and ECR scans only the images of its platforms; check them by the build tools'" \
                "command scan, and deploy without SCAN_LIMIT. Nothing was changed."
            ;;
    esac
    IFS='	' read -r scan_status scan_counts scan_is_clean scan_description <"$1" || scan_status=none
    case $scan_status in
        COMPLETE | ACTIVE) ;;
        none)
            fail "ECR has no scan of $image_uri, which SCAN_LIMIT=$SCAN_LIMIT needs; let the repository scan on push, or start a" \
                "scan, and deploy again. Nothing was changed."
            ;;
        *)
            [ "$scan_description" = None ] || scan_status="$scan_status ($scan_description)"
            fail "the scan of $image_uri is $scan_status, and SCAN_LIMIT=$SCAN_LIMIT needs a complete one;" \
                "let it end, or look at the image in ECR, and deploy again. Nothing was changed."
            ;;
    esac
    # ECR has called scans complete before their findings were there: https://github.com/aws/aws-sdk/issues/289
    [ "$scan_counts" != null ] || [ "$scan_is_clean" = true ] ||
        fail "the scan of $image_uri is $scan_status, and has no result yet; deploy again in a minute. Nothing was changed."
    severe=$(severe_counts "$scan_counts")
    [ -z "$severe" ] ||
        fail "$image_uri has findings of SCAN_LIMIT=$SCAN_LIMIT or above: $severe; deploy an image without them, or accept them in" \
            "the allow list of the build tools' command scan and deploy without SCAN_LIMIT. Nothing was changed."
}

# severe_counts COUNTS - prints the numbers, of {"HIGH":2,"LOW":1}, that reach SCAN_LIMIT: 2 HIGH. Unknown severities reach every limit.
severe_counts() {
    printf '%s\n' "$1" | tr -d '{}" ' | tr ',' '\n' | awk -F : -v order="$severity_order" -v limit="$SCAN_LIMIT" '
        BEGIN {
            count = split(order, pairs, " ")
            for (i = 1; i <= count; i++) { split(pairs[i], pair, "="); rank[pair[1]] = pair[2] }
        }
        $2 + 0 > 0 && (!($1 in rank) || rank[$1] >= rank[limit]) { printf "%s%s %s", separator, $2, $1; separator = ", " }'
}
