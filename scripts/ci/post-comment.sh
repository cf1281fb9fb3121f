#!/usr/bin/env bash
# Posts the comment about a stack on the pull request of a workflow run, or updates the earlier one.
#   post-comment.sh STACK COMMENT.md
# The comment was written by code of the pull request: it is only text here, and which pull request it is for is asked of
# GitHub. Needs GH_TOKEN, REPOSITORY, HEAD (owner:branch), HEAD_SHA and RUN_URL.
set -euo pipefail
stack=$1 comment=$2
# GitHub accepts 65,536 characters.
most=65000

number=$(gh api --method GET "repos/$REPOSITORY/pulls" -f state=open -f "head=$HEAD" --jq ".[] | select(.head.sha == \"$HEAD_SHA\") | .number" | head -n 1)
if [ -z "$number" ]; then
    echo "No open pull request has $HEAD_SHA as its head: nothing to comment on."
    exit 0
fi

marker="<!-- plan of $stack -->"
body=$(mktemp)
{
    echo "$marker"
    if [ -s "$comment" ]; then
        head -c "$most" "$comment"
    else
        echo "## No plan of \`$stack\`"
        echo
        echo "The run failed before there was one: $RUN_URL"
    fi
} > "$body"

earlier=$(gh api "repos/$REPOSITORY/issues/$number/comments" --paginate \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [ -n "$earlier" ]; then
    gh api --method PATCH "repos/$REPOSITORY/issues/comments/$earlier" -F "body=@$body" > /dev/null
    echo "Updated the comment about $stack on #$number."
else
    gh api --method POST "repos/$REPOSITORY/issues/$number/comments" -F "body=@$body" > /dev/null
    echo "Commented on #$number about $stack."
fi
