"""What people write and send to a Wizard, and the question after an answer. Refusals say all that is wrong."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import files as media
from bot.domain.ask import Attachment, Wish
from bot.domain.catalogue import Kind, Option
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.match import find, find_measure, key, listed, search, shortened, suggestion
from bot.domain.models import MODEL, meant, under, unknown_model
from bot.domain.wizard import Asking, Question, Shelf, Wizard, asks, stepped
from bot.domain.wizard_keys import FEW
from bot.domain.wizard_standing import (
    Standing,
    alternatives,
    bare,
    choices,
    commands,
    has_room,
    is_possible,
    makes_sense,
    models,
    next_question,
    settable,
    stand,
    with_option,
)
from bot.domain.wizard_words import model_search, value_words


def typed(wizard: Wizard, text: str, shelf: Shelf) -> Wizard:
    """Something was written: the answer, or what to look for in a list. Raises Refused with all that is wrong."""
    if wizard.question.asking is Asking.COMMAND:
        return commanded(wizard, _command(shelf, wizard.files, text), shelf)
    standing = stand(shelf, wizard.wish, wizard.files)
    if wizard.question.asking is Asking.MODEL:
        return _typed_model(wizard, text, shelf, standing)
    about = _meant(wizard, shelf, standing)
    if about is None:
        raise Refused([Problem(slug=Slug.NOT_ASKED)])
    opened = Question(asking=Asking.OPTION, about=about.name)
    if wizard.question != opened:
        wizard = replace(asks(wizard, opened), trail=(*wizard.trail, wizard.question))
    return _typed_option(wizard, text, shelf, standing, about)


def given(wizard: Wizard, files: Sequence[Attachment], shelf: Shelf) -> Wizard:
    """Files came: they go where they are asked for, and else where they fit. One that is here already changes nothing.

    Raises:
        Refused: there is no use for them.
    """
    known = {one.handle for one in wizard.files}
    new = tuple(one for one in files if one.handle not in known)
    if not new:
        return wizard
    everything = (*wizard.files, *new)
    if wizard.question.asking is Asking.COMMAND:
        check_files(shelf, everything)
        return stepped(wizard, replace(wizard, files=everything))
    standing = stand(shelf, wizard.wish, wizard.files)
    option = settable(standing.endpoint, wizard.question.about)
    if option is None or not option.is_media:
        return _welcome(wizard, shelf, everything)
    wrong = [one for one in new if media.claimed(one) not in {"", media.medium_of(option)}]
    if not wrong:
        return _given_for(wizard, new, shelf, standing, option)
    if len(wrong) == len(new) and not all(_is_missing(standing, one) for one in wrong):
        raise Refused([_wrong_kind(one, option) for one in wrong])
    return _welcome(wizard, shelf, everything)


def asked(wizard: Wizard, shelf: Shelf) -> Wizard:
    """The same wish with the question that comes next. Raises Refused."""
    standing = stand(shelf, wizard.wish, wizard.files)
    return asks(wizard, next_question(standing, wizard.wanted))


def answered(
    wizard: Wizard, shelf: Shelf, *, wish: Wish | None = None, files: tuple[Attachment, ...] | None = None
) -> Wizard:
    """The question is answered, by this wish or these files where they changed: on to the next. Raises Refused."""
    answer = MODEL if wizard.question.asking is Asking.MODEL else wizard.question.about
    now = wizard.files if files is None else files
    after = replace(
        wizard,
        wish=held(wizard, shelf, wizard.wish if wish is None else wish, now),
        files=now,
        wanted=tuple(one for one in wizard.wanted if one != answer),
    )
    return stepped(wizard, asked(after, shelf))


def commanded(wizard: Wizard, command: str, shelf: Shelf) -> Wizard:
    """A command was chosen: what was said for another is dropped, the files are not. Raises Refused."""
    if command == wizard.wish.command:
        return answered(wizard, shelf)
    return stepped(wizard, asked(replace(wizard, wish=Wish(command=command), wanted=()), shelf))


def check_files(shelf: Shelf, files: Sequence[Attachment]) -> None:
    """Whether any command has a use for these. Raises Refused when none has, with the least that is wrong."""
    if commands(shelf, files):
        return
    refusals = []
    for name in shelf.catalogue.commands:
        try:
            stand(shelf, Wish(command=name), files)
        except Refused as refused:
            refusals.append(refused)
    raise min(refusals, key=lambda one: len(one.problems))


def held(wizard: Wizard, shelf: Shelf, wish: Wish, files: tuple[Attachment, ...]) -> Wish:
    """The wish on the model that stands, where this answer must not change it.

    While no model is chosen the first that can is meant. Whoever sets a duration has seen which that is and what it
    costs: what it cannot do is refused, and not handed to a dearer one.

    Raises:
        Refused: that model cannot do it.
    """
    if wish.model or not wizard.wish.command or not _is_settled(wizard, shelf):
        return wish
    stands = stand(shelf, wizard.wish, wizard.files).endpoint
    if is_possible(shelf, wish, files) and stand(shelf, wish, files).endpoint is stands:
        return wish
    chosen = replace(wish, model=stands.model)
    stand(shelf, chosen, files)
    return chosen


def _is_settled(wizard: Wizard, shelf: Shelf) -> bool:
    """Whether the model is what was shown: at a choice that must be made the choice may still decide it."""
    option = None
    if wizard.question.asking is Asking.OPTION:
        option = settable(stand(shelf, wizard.wish, wizard.files).endpoint, wizard.question.about)
    if wizard.question.asking is Asking.MODEL or (option and option.required and option.kind is Kind.CHOICE):
        return False
    is_shown = any(one.asking is Asking.SUMMARY for one in (wizard.question, *wizard.trail))
    return is_shown or (option is not None and not option.required)


def _meant(wizard: Wizard, shelf: Shelf, standing: Standing) -> Option | None:
    """The option that plain words are for now: at the summary the one that takes those behind the command."""
    match wizard.question.asking:
        case Asking.OPTION:
            return settable(standing.endpoint, wizard.question.about)
        case Asking.ONE_OF:
            texts = [one for one in alternatives(standing) if one.kind is Kind.TEXT]
            return texts[0] if len(texts) == 1 else None
        case Asking.SUMMARY:
            lead = shelf.catalogue.commands[wizard.wish.command].lead
            option = settable(standing.endpoint, lead)
            return None if option is None or option.is_media else option
        case Asking.COMMAND | Asking.MODEL | Asking.MORE:
            return None


def _command(shelf: Shelf, files: Sequence[Attachment], text: str) -> str:
    able = commands(shelf, files)
    found = find(text.strip().removeprefix("/"), able)
    if found is None:
        facts = {"given": shortened(text), "suggestion": suggestion(text, able)}
        raise Refused([Problem(slug=Slug.UNKNOWN_COMMAND, facts=facts)])
    return found


def _welcome(wizard: Wizard, shelf: Shelf, files: tuple[Attachment, ...]) -> Wizard:
    """Files nobody asked for just now: they go where they fit, and the question stays unless they were its answer."""
    wish = held(wizard, shelf, wizard.wish, files)
    landed = stand(shelf, wish, files)
    is_answered = bool(landed.files(wizard.question.about)) or wizard.question.asking is Asking.SUMMARY
    if is_answered or not makes_sense(landed, wizard.question):
        return answered(wizard, shelf, wish=wish, files=files)
    return stepped(wizard, replace(wizard, wish=wish, files=files))


def _is_missing(standing: Standing, file: Attachment) -> bool:
    """Whether a file of this kind is still to be asked for."""
    lacking = (one for one in standing.endpoint.options if one.is_media and standing.lacks(one.name))
    return media.claimed(file) in {media.medium_of(one) for one in lacking}


def _given_for(wizard: Wizard, new: tuple[Attachment, ...], shelf: Shelf, standing: Standing, option: Option) -> Wizard:
    """Files for the option that is asked for: beside what it has while there is room, else in its place."""
    wish, before = wizard.wish, wizard.files
    if option.kind is not Kind.IMAGES and standing.files(option.name) and not has_room(shelf, standing, option.name):
        wish, before = bare(standing, option.name)
    everything = (*before, *_placed(shelf, wish, before, new, option))
    wish = held(wizard, shelf, wish, everything)
    landed = stand(shelf, wish, everything)
    stays = option.kind is Kind.IMAGES and has_room(shelf, landed, option.name)
    if stays or landed.lacks(option.name):
        return stepped(wizard, replace(wizard, wish=wish, files=everything))
    return answered(wizard, shelf, wish=wish, files=everything)


def _placed(
    shelf: Shelf, wish: Wish, before: tuple[Attachment, ...], new: tuple[Attachment, ...], option: Option
) -> tuple[Attachment, ...]:
    """The files as they are where that brings them to the option, else with its name on them."""
    try:
        landed = stand(shelf, wish, (*before, *new)).files(option.name)
    except Refused:
        landed = ()
    arrived = new[0].handle in {one.handle for one in landed}
    return new if arrived else tuple(replace(one, option=option.name) for one in new)


def _typed_model(wizard: Wizard, text: str, shelf: Shelf, standing: Standing) -> Wizard:
    able = {one.model: model_search(one) for one, _ in models(shelf, standing)}
    exact = [one.model for one in meant(under(shelf.catalogue, wizard.wish.command), text) if one.model in able]
    if len(exact) == 1:
        return answered(wizard, shelf, wish=replace(wizard.wish, model=exact[0]))
    if not search(text, able, most=1):
        raise Refused([unknown_model([one for one, _ in models(shelf, standing)], text)])
    return stepped(wizard, replace(wizard, page=0, search=text))


def _typed_option(wizard: Wizard, text: str, shelf: Shelf, standing: Standing, option: Option) -> Wizard:
    if not text.strip():
        raise Refused([Problem(slug=Slug.MISSING_OPTION, about=option.name)])
    if option.kind is Kind.CHOICE:
        return _typed_choice(wizard, text, shelf, standing, option)
    if not option.is_media:
        return answered(wizard, shelf, wish=with_option(wizard.wish, option.name, text.strip()))
    if "://" not in text:
        raise Refused([Problem(slug=Slug.MISSING_MEDIA, about=option.name, facts={"kind": media.called(option)})])
    linked, problem = media.from_text(option.name, text)
    if problem is not None:
        raise Refused([problem])
    return _given_for(wizard, linked, shelf, standing, option)


def _typed_choice(wizard: Wizard, text: str, shelf: Shelf, standing: Standing, option: Option) -> Wizard:
    """What is spelled, unless others contain it in a list too long to be seen; else what resembles it."""
    possible = choices(shelf, standing, option.name)
    spellings = (possible, option.choices, tuple(option.accepts))
    spelled = next((one for known in spellings if (one := find_measure(text, known, option.unit))), None)
    alike = [one for one in possible if key(text) in key(one) and one != spelled]
    if spelled is not None and (not alike or len(possible) <= FEW):
        return answered(wizard, shelf, wish=with_option(wizard.wish, option.name, spelled))
    if not search(text, {one: value_words(option, one) for one in possible}, most=1):
        facts = {"given": shortened(text), "choices": listed(possible), "suggestion": suggestion(text, possible)}
        raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about=option.name, facts=facts)])
    return stepped(wizard, replace(wizard, page=0, search=text))


def _wrong_kind(file: Attachment, option: Option) -> Problem:
    facts = {"option": option.name, "given": media.CALLED[media.claimed(file)], "wanted": media.called(option)}
    return Problem(slug=Slug.WRONG_FILE_KIND, about=file.name or option.name, facts=facts)
