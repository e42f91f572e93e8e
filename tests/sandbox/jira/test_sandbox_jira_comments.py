"""Comments: who may see them, in which form they are written, and how they are read back."""

from __future__ import annotations

import pytest
from plain_jira import INTERNAL, Jira, document

from connectors.sandbox.jira import Site

MARK = {"key": "mark", "value": {"run": 7}}


def test_a_comment_is_public_unless_a_property_says_otherwise(site: Site, jira: Jira, incident: str) -> None:
    answers = [jira.comment(incident, "Hello"), jira.comment(incident, "Between us", INTERNAL, MARK)]
    assert [(answer.status_code, answer.json()["jsdPublic"]) for answer in answers] == [(201, True), (201, False)]
    assert [entry.public for entry in site.comments(incident)] == [True, False]
    assert site.comments(incident)[1].properties == {"sd.public.comment": {"internal": True}, "mark": {"run": 7}}


@pytest.mark.parametrize("deployment", ["Server"])
def test_data_center_tells_it_by_the_property_only(site: Site, jira: Jira, incident: str) -> None:
    answer = jira.comment(incident, "Between us", INTERNAL, expand="properties").json()
    assert "jsdPublic" not in answer
    assert answer["properties"] == [INTERNAL]
    path = f"comment/{answer['id']}/properties/sd.public.comment"
    assert jira.get(path).json() == INTERNAL
    assert not site.comments(incident)[0].public


def test_properties_are_shown_when_asked_for(jira: Jira, incident: str) -> None:
    id = jira.comment(incident, "Hello", MARK).json()["id"]
    assert "properties" not in jira.get(f"issue/{incident}/comment").json()["comments"][0]
    (shown,) = jira.get(f"issue/{incident}/comment", expand="properties").json()["comments"]
    assert shown["properties"] == [MARK]
    (shown,) = jira.post("comment/list", {"ids": [int(id), 1]}, expand="properties").json()["values"]
    assert (shown["id"], shown["properties"]) == (id, [MARK])


def test_comments_that_cannot_be_seen_are_left_out_of_the_list(site: Site, jira: Jira, incident: str) -> None:
    id = jira.comment(incident, "Hello").json()["id"]
    site.hide(incident)
    assert jira.post("comment/list", {"ids": [int(id)]}).json()["values"] == []
    assert jira.post("comment/list", {"ids": []}).status_code == 400


def test_version_3_refuses_plain_text(site: Site, jira: Jira, incident: str) -> None:
    answer = jira.post(f"issue/{incident}/comment", {"body": "Hello"})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"comment": "Comment body is not valid!"})
    assert site.comments(incident) == []


def test_version_2_takes_markup_and_each_reads_what_the_other_wrote(jira: Jira, incident: str) -> None:
    old = f"/rest/api/2/issue/{incident}/comment"
    assert jira.post(old, {"body": document("Hello")}).status_code == 400
    assert jira.post(old, {"body": "*Hello*\nKari"}).ok
    bold = {"type": "text", "text": "web", "marks": [{"type": "strong"}]}
    items = [{"type": "listItem", "content": [{"type": "paragraph", "content": [bold]}]}]
    body = {**document("Team:"), "content": [*document("Team:")["content"], {"type": "bulletList", "content": items}]}
    assert jira.post(f"issue/{incident}/comment", {"body": body}).ok
    assert [comment["body"] for comment in jira.get(old).json()["comments"]] == ["*Hello*\nKari", "Team:\n\n* *web*"]
    first, second = (comment["body"] for comment in jira.get(f"issue/{incident}/comment").json()["comments"])
    texts = [{"type": "text", "text": "*Hello*"}, {"type": "hardBreak"}, {"type": "text", "text": "Kari"}]
    assert first["content"] == [{"type": "paragraph", "content": texts}]
    assert second == body


def test_markup_keeps_the_form_of_a_document(jira: Jira, incident: str) -> None:
    link = {"type": "text", "text": "Status", "marks": [{"type": "link", "attrs": {"href": "https://status.example"}}]}

    def item(*content: object) -> dict[str, object]:
        return {"type": "listItem", "content": list(content)}

    inner = {"type": "bulletList", "content": [item(*document("then")["content"])]}
    steps = {"type": "orderedList", "content": [item(*document("first")["content"], inner)]}
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "News"}]}
    code = {"type": "codeBlock", "content": [{"type": "text", "text": "ls *"}]}
    content = [heading, {"type": "paragraph", "content": [link]}, steps, {"type": "rule"}, code]
    body = {"type": "doc", "version": 1, "content": content}
    assert jira.post(f"issue/{incident}/comment", {"body": body}).ok
    (shown,) = jira.get(f"/rest/api/2/issue/{incident}/comment").json()["comments"]
    assert shown["body"] == (
        "h2. News\n\n[Status|https://status.example]\n\n# first\n#* then\n\n----\n\n{noformat}\nls *\n{noformat}"
    )


def test_a_role_does_not_keep_a_comment_from_the_portal(site: Site, jira: Jira, incident: str) -> None:
    visibility = {"type": "role", "value": "Administrators"}
    answer = jira.post(f"issue/{incident}/comment", {"body": document("Secret"), "visibility": visibility}).json()
    assert (answer["visibility"], answer["jsdPublic"]) == (visibility, True)
    portal = jira.get(f"/rest/servicedeskapi/request/{incident}/comment", internal="false").json()["values"]
    assert [comment["body"] for comment in portal] == ["Secret"]


def test_without_a_service_desk_every_comment_is_public(site: Site, jira: Jira) -> None:
    site.add_project("DEV", "Development", kind="software")
    task = site.create("DEV", "Task", {"summary": "Fix it"}, by="ida")
    assert jira.comment(task, "Between us", INTERNAL).json()["jsdPublic"] is True


def test_internal_comments_may_be_refused(site: Site, jira: Jira, incident: str) -> None:
    site.internal_comments = "refused"
    assert jira.comment(incident, "Between us", INTERNAL).status_code == 403
    assert jira.comment(incident, "Hello").ok
    assert [entry.text for entry in site.comments(incident)] == ["Hello"]


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
def test_internal_comments_may_come_out_public_behind_our_back(
    site: Site, jira: Jira, incident: str, deployment: str
) -> None:
    site.internal_comments = "public"
    answer = jira.comment(incident, "Between us", INTERNAL, MARK, expand="properties")
    assert answer.status_code == 201
    assert answer.json().get("jsdPublic", "not told") == (True if deployment == "Cloud" else "not told")
    assert answer.json()["properties"] == [MARK]
    assert site.comments(incident)[0].public


def test_a_comment_can_be_taken_back_and_leaves_no_trace(site: Site, jira: Jira, incident: str) -> None:
    id = jira.comment(incident, "Oops").json()["id"]
    assert jira.call("DELETE", f"issue/{incident}/comment/{id}").status_code == 204
    assert site.comments(incident) == []
    assert jira.get(f"issue/{incident}/comment/{id}").status_code == 404
    assert jira.get(f"issue/{incident}/changelog").json()["values"] == []


def test_a_comment_can_be_hidden_afterwards(site: Site, jira: Jira, incident: str) -> None:
    id = jira.comment(incident, "Oops").json()["id"]
    assert jira.put(f"comment/{id}/properties/sd.public.comment", {"internal": True}).status_code == 201
    assert jira.put(f"comment/{id}/properties/sd.public.comment", {"internal": True}).status_code == 200
    assert not site.comments(incident)[0].public


def test_comments_are_paged_oldest_first(site: Site, jira: Jira, incident: str) -> None:
    for text in ("one", "two", "three"):
        site.comment(incident, text, by="ida")
    page = jira.get(f"/rest/api/2/issue/{incident}/comment", startAt=1, maxResults=1).json()
    assert ([comment["body"] for comment in page["comments"]], page["total"]) == (["two"], 3)
