"""Rules tried out on requests that were let in: what they would have done, and nothing else."""

from dataclasses import replace

from bot.domain.errors import Slug
from bot.domain.house_rules import OF_A_GROUP, Reviews
from bot.domain.job import Job
from bot.domain.trial import tried
from bot.settings.endpoints import catalogue_of
from tests.builders import ANNA, MODERATOR, OWNER, a_job, an_ask, an_endpoint, an_order

CATALOGUE = catalogue_of([an_endpoint()])


def job(name: str, prompt: str = "", effect: str = "Kiss Me AI", **ask: object) -> Job:
    values = {"effect": effect, **({"prompt": prompt} if prompt else {})}
    return a_job(id=name, ask=an_ask(name, **{"account": ANNA, **ask}), order=an_order(values=values))


FROG = job("frog", prompt="a fr0g jumps")
POND = job("pond", prompt="a pond at dawn")
HUG = job("hug", effect="Hug")


def test_a_new_word_catches_the_requests_that_have_it_in_any_costume() -> None:
    trial = tried([FROG, POND, HUG], CATALOGUE, OF_A_GROUP, replace(OF_A_GROUP, words=("frog",)))
    assert trial.looked_at == 3
    (caught,) = trial.caught
    assert caught.job is FROG
    assert [problem.slug for problem in caught.problems] == [Slug.DENIED_WORD]


def test_what_was_forbidden_before_is_not_caught_again() -> None:
    before = replace(OF_A_GROUP, words=("frog",))
    after = replace(before, words=("frog", "pond"))
    assert [one.job for one in tried([FROG, POND], CATALOGUE, before, after).caught] == [POND]
    assert tried([FROG], CATALOGUE, before, OF_A_GROUP).caught == ()


def test_what_would_wait_or_be_covered_is_told_apart() -> None:
    waits = tried([HUG, POND], CATALOGUE, OF_A_GROUP, replace(OF_A_GROUP, reviewed=("hug",)))
    assert [(one.job, one.waits, one.covered, one.problems) for one in waits.caught] == [(HUG, True, False, ())]
    covered = tried([HUG, POND], CATALOGUE, OF_A_GROUP, replace(OF_A_GROUP, covered=("hug",)))
    assert [(one.job, one.waits, one.covered) for one in covered.caught] == [(HUG, False, True)]


def test_owners_and_moderators_wait_for_nobody() -> None:
    always = replace(OF_A_GROUP, review=Reviews.ALWAYS)
    asked = [job("anna"), job("owner", account=OWNER), job("mod", account=MODERATOR)]
    assert [one.job.id for one in tried(asked, CATALOGUE, OF_A_GROUP, always).caught] == ["anna"]


def test_a_request_of_a_model_that_has_left_is_looked_at_and_says_nothing() -> None:
    gone = a_job(order=an_order(endpoint="gone"))
    trial = tried([gone], CATALOGUE, OF_A_GROUP, replace(OF_A_GROUP, words=("kiss",)))
    assert (trial.looked_at, trial.caught) == (1, ())
