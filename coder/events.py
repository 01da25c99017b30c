"""From hits to events: attribution, inherited countries, dates, status, repeats. The one place that walks through a story."""

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator

from attrs import define, evolve

from coder.actors import NOBODY, UNKNOWN, Actor, ActorFinder, StoryContext
from coder.casualties import Loss, casualties, find_losses, is_violent
from coder.clauses import ClauseReader
from coder.dates import DateMention, find_dates
from coder.dictionaries import Dictionaries, VerbRow
from coder.event_dates import date_of
from coder.frames import FrameMatcher, Hit, Miss
from coder.model import Event, Sentence, Story, Token
from coder.phrases import mend
from coder.places import PlaceFinder, StoryPlaces
from coder.text import fold

# Roles that belong to one country, so that the other side of a domestic event tells which (مسلحون ... جنديا ماليا).
_STATE = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
_ARMED = frozenset({"UAF", "INS", "REB", "CRM", "SEP", "RAD"})
_PARTIES = frozenset({"OPP", "PTY"})
# Armies that have fought outside their own country alone for decades: whom they hit, where nobody says who it is, is not of that country.
_FIGHTS_ABROAD = frozenset({"USA", "GBR", "FRA", "ISR"})
# No armed forces of their own (CIA World Factbook, military and security forces): a bare army or air force in their story is another's.
_NO_ARMY = frozenset({"PSE", "AND", "CRI", "GRD", "ISL", "KIR", "LIE", "MCO", "MHL", "NRU", "PAN", "PLW", "SLB", "SMR", "TUV", "VAT", "WSM"})
_DOMESTIC = frozenset(
    {
        "UAF",
        "REB",
        "INS",
        "CVL",
        "COP",
        "OPP",
        "EDU",
        "LAB",
        "MED",
        "CRM",
        "AGR",
        "JUD",
        "LEG",
        "GOV",
        "MIL",
        "HLH",
        "PTY",
        "BUS",
        "HRI",
        "REF",
        "SPY",
        "ELI",
    }
)
_CONFLICT = ("18", "19", "20")
_ABROAD = ("03", "04", "05", "06", "07", "16")
_WORDS = ("01", "02", "03", "10", "11", "12", "13")  # statements, appeals, intentions, demands, reproaches, refusals, threats
_CARRIERS = frozenset({"light", "passive", "undergo", "happen", "result", "aspect"})
_OFF_TOPIC_LIMIT = 2.0


@define
class SentenceReading:
    """All that was read in one sentence: for `waqai explain`."""

    sentence: Sentence
    reader: ClauseReader
    finder: ActorFinder
    hits: list[Hit]
    misses: Callable[[], list[Miss]]
    dates: list[DateMention]
    skipped: str = ""
    _losses: list[Loss] | None = None

    def losses(self) -> list[Loss]:
        """The killed and injured that the sentence counts, looked for once."""
        if self._losses is None:
            self._losses = find_losses(self.sentence.tokens)
        return self._losses


@define
class Mention:
    """A hit told of one source and one target with its code; `position` counts the mentions of the hit."""

    hit: Hit
    source: Actor
    target: Actor
    cameo: str
    position: int


class Coder:
    """Codes parsed stories. Holds no state between stories, so one Coder serves any number of them.

    `all_statuses` keeps alleged, future, hypothetical and negated events, which are left out by default.
    """

    def __init__(self, dictionaries: Dictionaries, *, all_statuses: bool = False) -> None:
        self.dictionaries = dictionaries
        self.all_statuses = all_statuses
        self._places: PlaceFinder | None = None

    @property
    def places(self) -> PlaceFinder:
        """The gazetteer, read when the first story is coded."""
        if self._places is None:
            self._places = PlaceFinder(self.dictionaries)
        return self._places

    def alike(self, row: VerbRow) -> frozenset[str]:
        """Ids of the rows of the same word with the same code: they may tell each other's examples."""
        return frozenset(r.id for r in self.dictionaries.verb_rows.values() if r.words == row.words and r.cameo == row.cameo)

    def code(self, story: Story, sentences: Iterable[Sentence]) -> list[Event]:
        """The events of one parsed story, in the order of the text, mentions of an earlier event marked by `same_as`."""
        events: list[Event] = []
        places = StoryPlaces(self.places)
        for reading in self.read(story, sentences):
            found = list(self.located(story, reading))
            events.extend(event for event, _, _ in found)
            places.add(reading.sentence.tokens, reading.finder, found)
        places.fill()
        return _link_mentions(events)

    def read(self, story: Story, sentences: Iterable[Sentence]) -> Iterator[SentenceReading]:
        """Read sentence after sentence, the story so far kept in mind; repeated lines and page furniture give an empty reading."""
        context = StoryContext()
        seen: set[str] = set()
        for sentence in sentences:
            line = " ".join(t.key for t in sentence.tokens if t.upos != "PUNCT")
            reason = "repeats an earlier line" if line in seen and len(sentence.tokens) > 2 else self._skip(sentence, line)
            seen.add(line)
            yield self._read_sentence(story, sentence, context, reason)

    def _skip(self, sentence: Sentence, line: str) -> str:
        """Why the sentence gives nothing: page furniture, or sport, weather, markets and the like; "" if it does not."""
        words = fold(sentence.text)
        furniture = self.dictionaries.boilerplate
        if len(sentence.tokens) < 40 and (words.startswith(furniture) or any(len(phrase) > 14 and phrase in words for phrase in furniture)):
            return "page furniture"
        weights: dict[str, float] = {}
        for token in sentence.tokens:
            entry = self.dictionaries.off_topic.get(token.key)
            if entry is not None:
                weights[entry[0]] = weights.get(entry[0], 0.0) + entry[1]
        topic = max(weights, key=lambda t: weights[t], default="")
        return f"not politics: {topic}" if topic and weights[topic] >= _OFF_TOPIC_LIMIT and not self._tells_attack(sentence) else ""

    def _tells_attack(self, sentence: Sentence) -> bool:
        """Whether a sentence counts the victims of an attack, whatever else its words belong to: مقتل خمسة في هجوم أثناء عرض فيلم "during a film"."""
        attacks = self.dictionaries.classes.get("ATTACK_W", frozenset())
        named = any(t.key in attacks or t.key.removeprefix("ال") in attacks for t in sentence.tokens)
        return named and bool(find_losses(sentence.tokens))

    def _read_sentence(self, story: Story, sentence: Sentence, context: StoryContext, skipped: str) -> SentenceReading:
        finder = ActorFinder(self.dictionaries, sentence, story.date, context)
        phrases = mend(sentence.tokens, finder.matches, self.dictionaries.triggers)
        reader = ClauseReader(self.dictionaries, sentence, finder.compound_words(), frozenset(finder.by_token), phrases)
        if skipped:
            return SentenceReading(sentence, reader, finder, [], list, [], skipped)
        matcher = FrameMatcher(self.dictionaries, reader, finder)
        hits = list(matcher.hits()) if any(r.rows for readings in reader.readings.values() for r in readings) else []
        for hit in hits:
            hit.pairs = [self._inherit(source, self._adversary(hit, source, target, context), finder, hit) for source, target in hit.pairs]
            if hit.status == "actual" and not any(_worth_telling(hit, *pair) for pair in hit.pairs):
                hit.status = "hypothetical"  # a noun of action that nothing says to have been done
            for pair in hit.pairs:
                for actor in pair:
                    context.remember(actor.code)
        dates = find_dates([t.key for t in sentence.tokens], _as_date(story.date)) if hits else []
        self._remember(reader, finder, hits, context)
        return SentenceReading(sentence, reader, finder, hits, matcher.misses, dates)

    @staticmethod
    def _adversary(hit: Hit, source: Actor, target: Actor, context: StoryContext) -> Actor:
        """Whom one side of the story's conflict fights, where the clause leaves it out: the other side."""
        if target is NOBODY and hit.cameo[:2] in ("15", "19") and hit.row.frame != "undergo" and source.country in {c[:3] for c in context.parties}:
            other = next((c for c in context.parties if c[:3] != source.country), "")
            return Actor(other, hit.clause.token, hit.clause.token.id, hit.clause.token.id) if other else target
        return target

    def _inherit(self, source: Actor, target: Actor, finder: ActorFinder, hit: Hit) -> tuple[Actor, Actor]:
        """A role without a country takes it from who stands beside it (الحكومة وحركة رينامو), from the other side (CAMEO: domestic actors), else
        from the story; never from the place of the event."""
        if target.country == UNKNOWN and target.role in _DOMESTIC:
            beside = next((t for _, t in hit.pairs if t.country in finder.countries and t.role in _DOMESTIC - {"GOV"}), None)
            target = _with_country(target, beside, finder) if beside is not None else target
        if hit.cameo[:2] in _ABROAD:  # guests, partners and those helped are as a rule from elsewhere: they do not tell whose institute the host is
            private = _DOMESTIC - _ARMED - _STATE - _PARTIES
            if source.country == UNKNOWN and source.role in private or target.country == UNKNOWN and target.role in private:
                return source, target
        abroad = not target.role and source.role not in _ARMED | _STATE | _PARTIES  # who burns the flag of Israel is not an Israeli
        if source.country == UNKNOWN and source.role in _DOMESTIC and not abroad:
            source = _with_country(source, target, finder)
        at_home = hit.cameo[:2] not in _CONFLICT or source.country not in _FIGHTS_ABROAD or source.role not in ("MIL", "")
        if target.country == UNKNOWN and target.role in _DOMESTIC and at_home:
            target = _with_country(target, source, finder)
        if source.code == target.code and not source.names:
            source = NOBODY
        return source, target

    def _remember(self, reader: ClauseReader, finder: ActorFinder, hits: list[Hit], context: StoryContext) -> None:
        """Carry the sentence's parties, subject, speaker and actors over to the next sentence."""
        for hit in hits:
            if hit.row.frame == "mediation" and len(hit.pairs) > 1:
                context.remember_pair(hit.pairs[0][1].code, hit.pairs[1][1].code)
            for source, target in hit.pairs:
                if hit.cameo[:2] in _CONFLICT or hit.cameo == "046" or not context.parties and hit.row.frame != "mediation":
                    context.remember_pair(source.code, target.code)
        for match in finder.matches:
            context.remember_person(match, finder.tokens[match.first - 1].key, finder.tokens[match.last - 1].key)
        for country in finder.domestic_countries():
            context.remember(country)
        context.named = tuple(dict.fromkeys(m.code[:3] for m in finder.matches if m.kind in ("country", "capital"))) or context.named
        for token in finder.tokens:
            if token.deprel.startswith("nsubj") and (token.parent is None or token.parent.deprel in ("root", "parataxis", "conj")):
                actors = finder.resolve(token)
                if actors:
                    context.subject = actors[0].code
                    context.subject_gender = finder.gender_of(token)
                    context.remember(context.subject)
                    break
        for token_id, readings in reader.readings.items():
            if any(g.effect == "say" for r in readings for g in r.governing):
                role = reader.subject(finder.tokens[token_id - 1])
                actors = finder.resolve(role.head) if role else ()
                if actors:
                    context.speaker = actors[0].code
                    break

    # ------------------------------------------------------------------------------------------------ events

    def events_of(self, story: Story, reading: SentenceReading) -> Iterator[Event]:
        """The events of one sentence that was read; repeats within the story are not marked yet, and places not given."""
        return (event for event, _, _ in self.located(story, reading))

    def located(self, story: Story, reading: SentenceReading) -> Iterator[tuple[Event, Token, frozenset[int]]]:
        """Each event with its word and the ids of the words of its actors."""
        mentions = [mention for hit in reading.hits if hit.status == "actual" or self.all_statuses for mention in _mentions(hit)]
        for mention in _told_once(mentions):
            words = frozenset(i for a in (mention.source, mention.target) if a.names for i in range(a.first, a.last + 1))
            yield self._event(story, reading, mention), mention.hit.clause.token, words

    def _event(self, story: Story, reading: SentenceReading, mention: "Mention") -> Event:
        hit, source, target, position = mention.hit, mention.source, mention.target, mention.position
        code = self.dictionaries.codes[mention.cameo]
        token = hit.clause.token
        date, precision = _event_date(story, reading, hit)
        text = story.text
        killed, injured = "", ""
        if is_violent(mention.cameo):
            told = _told_once([m for h in reading.hits if h.status == hit.status for m in _mentions(h)])
            violent = {m.hit.clause.token.id for m in told if is_violent(m.cameo)}
            spans = [(t.first, t.last) for t in (target, *(t for _, t in hit.pairs if t.code != target.code))]
            killed, injured = casualties(reading.sentence.tokens, token.id, violent, spans, reading.losses())
        identity = "\t".join(
            (story.id, story.text, str(reading.sentence.number), str(token.start), hit.row.id, source.code, target.code, mention.cameo, str(position))
        )
        return Event(
            event_id=hashlib.sha256(identity.encode()).hexdigest()[:16], story_id=story.id, sentence=reading.sentence.number,
            event_date=date, date_precision=precision, source=source.code, target=target.code, cameo=mention.cameo,
            plover=code.plover, plover_mode=code.mode, plover_context=code.context, quad=code.quad, goldstein=code.goldstein, status=hit.status,
            source_text=_words(text, reading.sentence, source), event_text=text[token.start : token.end], target_text=_words(text, reading.sentence, target),
            start=token.start, end=token.end, killed=killed, injured=injured, rule=hit.row.id, story_date=story.date, publisher=story.source, url=story.url,
        )  # fmt: skip


def _mentions(hit: Hit) -> Iterator[Mention]:
    """One mention for each source and target of the hit, and where its row has a code for the other direction (a visit, received), one back."""
    told = [(source, target) for source, target in hit.pairs if _worth_telling(hit, source, target)]
    for position, (source, target) in enumerate(told):
        yield Mention(hit, source, target, hit.cameo, position)
    if hit.back:
        for position, (source, target) in enumerate(told, len(told)):
            if UNKNOWN not in (source.code, target.code):
                yield Mention(hit, target, source, hit.back, position)


def _told_once(mentions: list[Mention]) -> list[Mention]:
    """The mentions of one sentence without those that another one tells more fully: the attack and the killing that it led to are one event."""
    kept: list[Mention] = []
    for mention in mentions:
        place = next((i for i, other in enumerate(kept) if _one_event(other, mention)), None)
        if place is None:
            kept.append(mention)
        else:
            kept[place] = _joined(kept[place], mention)
    return kept


def _one_event(a: Mention, b: Mention) -> bool:
    """Same kind of event with the same actors, as far as both are known; two attacks with all actors known and codes of their own are two events."""
    if (a.source.code, a.cameo, a.target.code) == (b.source.code, b.cameo, b.target.code):
        return True
    if a.source.code == b.target.code != UNKNOWN or b.source.code == a.target.code != UNKNOWN:
        return False  # who acts in the one suffers in the other
    if a.hit is b.hit or a.hit.status != b.hit.status or not (_agree(a.source, b.source) and _agree(a.target, b.target)):
        return False
    if "175" in (a.cameo[:3], b.cameo[:3]) and a.cameo[:2] != b.cameo[:2]:  # who is killed while a sit-in is broken up belongs to the repression
        return {a.cameo[:2], b.cameo[:2]} & set(_CONFLICT) != set() and a.source.code != UNKNOWN and UNKNOWN in (a.target.code, b.target.code)
    known = UNKNOWN not in (a.source.code, a.target.code, b.source.code, b.target.code)
    if a.cameo[:2] in _CONFLICT and b.cameo[:2] in _CONFLICT:
        return not known or a.cameo[:3] == b.cameo[:3] or a.cameo == "190" or b.cameo == "190"
    return a.cameo[:3] == b.cameo[:3]


def _agree(a: Actor, b: Actor) -> bool:
    """The same actor, as far as both are known: a state goes for its government and forces, a group for its wing."""
    short, long = sorted((a.code, b.code), key=len)
    if UNKNOWN in (short, long) or short == long:
        return True
    return long.startswith(short) and (len(short) > 3 or long[3:6] in ("GOV", "MIL", "COP"))


def _joined(a: Mention, b: Mention) -> Mention:
    """One mention with the better known actors and the finer code of both."""
    first, second = (b, a) if len(b.cameo.rstrip("0")) > len(a.cameo.rstrip("0")) else (a, b)
    source = first.source if len(first.source.code) >= len(second.source.code) and first.source.code != UNKNOWN else second.source
    target = first.target if len(first.target.code) >= len(second.target.code) and first.target.code != UNKNOWN else second.target
    return Mention(first.hit, source, target, first.cameo, first.position)


def _worth_telling(hit: Hit, source: Actor, target: Actor) -> bool:
    """Whether enough is known: some actor; for a verbal noun that nothing carries, both of them."""
    token = hit.clause.token
    if source.code == target.code and source.code != UNKNOWN:
        return False  # one actor on both sides
    if hit.cameo[:2] == "19" and source.role == "COP" and target.code == UNKNOWN:
        return False  # استهدفت الشرطة المخالفين "the police targeted offenders": a check, no fight
    by_nobody = source.code == UNKNOWN and not hit.unnamed and not hit.clause.passive
    if by_nobody and hit.cameo[:2] in _WORDS and not hit.cameo.startswith("116") and hit.status == "actual":
        return False  # an appeal, promise or reproach that nobody is known to have made; verdicts are told without their judges
    if source.code == target.code:
        if hit.unnamed:
            return True
        said = hit.victims and any(g.effect == "say" for g in hit.clause.governors)
        return hit.clause.reading.kind == "verb" or hit.clause.told or said or _carried(hit)
    if UNKNOWN not in (source.code, target.code) or hit.clause.reading.kind != "masdar" or hit.clause.token.deprel == "root":
        return True
    if hit.status != "actual":
        return True  # written only with all statuses
    announced = any(g.effect == "say" and token.parent is g.token and token.deprel == "obj" for g in hit.clause.governors)
    return announced or hit.clause.told or _carried(hit)


def _carried(hit: Hit) -> bool:
    """Whether a word above the event noun says that it was done or befell somebody; violence and protest happen only where the noun itself is said to
    (not بدأت قبل الحرب "they began before the war")."""
    strict = hit.cameo[:2] in ("14", *_CONFLICT) and not hit.victims
    return any(g.effect in _CARRIERS and (g.direct or g.effect != "happen" or not strict) for g in hit.clause.governors)


def _with_country(actor: Actor, other: Actor, finder: ActorFinder) -> Actor:
    """`actor` with a country: that of a domestic counterpart, else of the last actor of its role, else of the counterpart, else the story's main
    country. An armed group has none from whom it attacks unless that is a state (gunmen who kidnap a French reporter are not French); private
    persons have none from the story."""
    counterpart = "" if actor.role in _ARMED and other.role not in _STATE | {""} else other.country
    main = next(iter(finder.domestic_countries()), "") or finder.context.main_country()
    if actor.role not in _ARMED | _STATE | _PARTIES:
        main = ""
    for country in (counterpart if other.role in _DOMESTIC - {"GOV"} else "", finder.context.with_role(actor.role)[:3], counterpart, main):
        if country in finder.countries and not (actor.role == "MIL" and country in _NO_ARMY):
            return evolve(actor, code=country + actor.code[3:])
    return actor


def _as_date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _event_date(story: Story, reading: SentenceReading, hit: Hit) -> tuple[str, str]:
    """(date, precision) for the event of `hit`: the date of its clause, else the story's date with precision `story`.

    What has happened is not dated after the story: the day to come belongs to what was announced, the event is the announcement."""
    dates = [d for d in reading.dates if hit.status != "actual" or not story.date or d.value <= story.date[: len(d.value)]]
    if dates:
        events = {h.clause.token.id for h in reading.hits}
        mention = date_of(reading.sentence.tokens, dates, hit.clause.token, events, _as_date(story.date))
        if mention is not None:
            return mention.value, mention.precision
    return story.date, "story"


def _words(text: str, sentence: Sentence, actor: Actor) -> str:
    """The words of the phrase in the story's own spelling; "" for an actor that is not named in this sentence."""
    if actor is NOBODY or not actor.names or actor.first < 1:
        return ""
    return text[sentence.tokens[actor.first - 1].start : sentence.tokens[actor.last - 1].end]


def _link_mentions(events: list[Event]) -> list[Event]:
    """Mark each event that the story has told before: same root, same actors or one more exact than the other, dates that agree."""
    firsts: list[Event] = []
    for event in events:
        first = next((f for f in firsts if _same_event(f, event)), None)
        if first is None:
            firsts.append(event)
        else:
            event.same_as = first.event_id
    return events


def _same_event(a: Event, b: Event) -> bool:
    return (
        a.cameo[:2] == b.cameo[:2]
        and (a.cameo.startswith(b.cameo.rstrip("0")) or b.cameo.startswith(a.cameo.rstrip("0")))
        and (a.source.startswith(b.source) or b.source.startswith(a.source))
        and (a.target.startswith(b.target) or b.target.startswith(a.target))
        and (a.event_date.startswith(b.event_date) or b.event_date.startswith(a.event_date))
    )
