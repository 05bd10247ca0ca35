"""Entities: B-cubed, exact entities, roles, relations and the expected calibration error, against references written here from
their definitions, without regard to speed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

from program import Article, Entity, Relation, Report, Role, Span, close, evaluate, flat
from test_spans import disturbed, random_spans

CORE = ["panel_chair", "presenting_officer", "representative", "anonymised_officer"]
ROLES = CORE + ["witness", "investigator"]
PEOPLE = ("PER", "ANON")
CASES = 300

Place = tuple[int, int]


def clusters(article: Article) -> dict[Place, frozenset[Place]]:
    """For each mention, by its ends, the mentions of its entity; itself if it has none."""
    places = [(span.start, span.end) for span in article.spans]
    found = {place: frozenset([place]) for place in places}
    for entity in article.entities:
        together = frozenset(places[mention] for mention in entity.mentions)
        found.update(dict.fromkeys(together, together))
    return found


def b_cubed(of: Article, other: Article, labels: tuple[str, ...]) -> list[Fraction]:
    """The credit of each mention of these labels in `of`: which share of its entity the entity of its twin in `other` has
    (Bagga and Baldwin 1998). A mention without a twin gets none, and still counts in the size of its entity (Pradhan et al. 2014)."""
    own, others = clusters(of), clusters(other)
    places = [(span.start, span.end) for span in of.spans if span.label in labels]
    return [Fraction(len(own[place] & others.get(place, frozenset())), len(own[place])) for place in places]


def compare(counted: Report, found: Sequence[Fraction | bool], sound: Sequence[Fraction | bool]) -> None:
    """Holds counts and figures to the credits of what is in gold and of what was predicted."""
    assert (counted["gold"], counted["predicted"]) == (len(found), len(sound))
    recall = Fraction(sum(found), len(found)) if found else None
    precision = Fraction(sum(sound), len(sound)) if sound else None
    for name, expected in ("recall", recall), ("precision", precision):
        assert (counted[name] is None) == (expected is None)
        assert expected is None or close(counted[name], float(expected))
    p, r = precision or Fraction(0), recall or Fraction(0)
    assert close(counted["f1"], float(2 * p * r / (p + r)) if p + r else 0.0)


def partition(random: Random, spans: list[Span]) -> list[Entity]:
    """Entities of some of the mentions; the others have none."""
    count = max(1, len(spans) // 2)
    entities = [Entity([]) for _ in range(count)]
    for mention in range(len(spans)):
        if random.random() < 0.8:
            entities[random.randrange(count)].mentions.append(mention)
    return [entity for entity in entities if entity.mentions]


def clustered(seed: int) -> Iterator[tuple[list[Article], list[Article]]]:
    random = Random(seed)
    for _ in range(CASES):
        gold, predicted = [], []
        for words in [["word"] * random.randint(1, 30) for _ in range(random.randint(1, 3))]:
            right = random_spans(random, len(words))
            made = disturbed(random, right, len(words))
            gold.append(Article(words, right, partition(random, right)))
            predicted.append(Article(words, made, partition(random, made)))
        yield gold, predicted


def test_b_cubed_and_exact_entities(tmp_path: Path) -> None:
    gold, predicted = map(list, zip(*clustered(seed=5)))
    _, cases = evaluate(tmp_path, gold, predicted)
    for figures, right, made in zip(cases, gold, predicted):
        pairs = list(zip(right, made))
        of_labels = {"all": ("ANON", "LOC", "PER"), "people": PEOPLE} | {label: (label,) for label in figures["b_cubed"]["of"]}
        for name, labels in of_labels.items():
            counted = figures["b_cubed"][name] if name in ("all", "people") else figures["b_cubed"]["of"][name]
            found = [credit for g, p in pairs for credit in b_cubed(g, p, labels)]
            compare(counted, found, [credit for g, p in pairs for credit in b_cubed(p, g, labels)])
        sets = [({clusters(a)[a.spans[e.mentions[0]][:2]] for e in a.entities} for a in pair) for pair in pairs]
        exact = [(g & p, g, p) for g, p in sets]
        compare(figures["exact_entities"]["all"], *([e in both for both, *of in exact for e in of[side]] for side in (0, 1)))


def test_b_cubed_by_hand(tmp_path: Path) -> None:
    # Bagga and Baldwin's example: 1-5, 6-7, 8-C, of which the answer joins the first and the last.
    spans = [Span(at, at + 1, "PER") for at in range(12)]
    parts = [list(range(5)), [5, 6], list(range(7, 12))]
    gold = Article(["word"] * 12, spans, list(map(Entity, parts)))
    predicted = Article(["word"] * 12, spans, [Entity(parts[0] + parts[2]), Entity(parts[1])])
    figures = evaluate(tmp_path, [[gold]], [[predicted]])[0]["all"]["b_cubed"]["all"]
    assert close(figures["precision"], 7 / 12) and figures["recall"] == 1.0
    turned = evaluate(tmp_path, [[predicted]], [[gold]])[0]["all"]["b_cubed"]["all"]
    assert turned["precision"] == 1.0 and close(turned["recall"], 7 / 12)


def some_roles(random: Random) -> list[Role]:
    roles = random.sample(ROLES, random.choice([0, 0, 1, 1, 2]))
    return [Role(role, random.randint(0, 1000) / 1000, random.choice(["predicted"] * 4 + ["rejected"])) for role in roles]


def in_zones(random: Random, people: int, zones: int) -> Article:
    """People each of whom has mentions in zones of four words that are his alone, so that nobody doubts who is who."""
    article = Article(["word"] * (people * zones * 4))
    owned: dict[int, list[int]] = {}
    for zone in range(people * zones):
        person = zone % people
        if random.random() < 0.6:
            start = zone * 4 + random.randint(0, 3)
            owned.setdefault(person, []).append(len(article.spans))
            article.spans.append(Span(start, random.randint(start + 1, zone * 4 + 4), "PER"))
    article.entities = [Entity(mentions, some_roles(random)) for mentions in owned.values()]
    for at in range(1, len(article.entities)):
        if random.random() < 0.4:
            article.relations.append(Relation(random.choice(["represents", "presents"]), at, random.randrange(at)))
    return article


def given(article: Article) -> list[tuple[Entity, Role]]:
    """Roles that hold, with whose they are."""
    return [(entity, role) for entity in article.entities for role in entity.roles if role.status != "rejected"]


def same(article: Article, entity: Entity, other: Article) -> Entity | None:
    """The entity of `other` that shares text with this one."""
    spans = [article.spans[mention] for mention in entity.mentions]
    for twin in other.entities:
        if any(s.start < t.end and t.start < s.end for t in map(other.spans.__getitem__, twin.mentions) for s in spans):
            return twin
    return None


def agreed(of: Article, other: Article) -> list[tuple[str, float, bool]]:
    """Each role that holds in `of`: its name, its score, and whether the same entity of `other` has it."""
    held = [(id(entity), role.role) for entity, role in given(other)]
    return [(role.role, role.score, (id(same(of, entity, other)), role.role) in held) for entity, role in given(of)]


def by_mention(article: Article) -> list[tuple[Place, str]]:
    return [(article.spans[mention][:2], role.role) for entity, role in given(article) for mention in entity.mentions]


def relations(of: Article, other: Article) -> list[bool]:
    """For each relation of `of`, whether `other` has it between the same entities."""

    def ends(article: Article, relation: Relation) -> tuple[Entity, Entity]:
        return article.entities[relation.source], article.entities[relation.target]

    held = [(made.type, *map(id, ends(other, made))) for made in other.relations]
    return [(made.type, *(id(same(of, end, other)) for end in ends(of, made))) in held for made in of.relations]


def calibration_error(sure: list[tuple[float, bool]]) -> float:
    """The mean gap, over predictions, between mean score and share right in ten bins (Naeini, Cooper and Hauskrecht 2015)."""
    error = 0.0
    for at in range(10):
        bin = [(score, right) for score, right in sure if at / 10 < score <= (at + 1) / 10 or at == score == 0]
        if bin:
            mean, share = sum(score for score, _ in bin) / len(bin), sum(right for _, right in bin) / len(bin)
            error += len(bin) / len(sure) * abs(share - mean)
    return error


def compare_roles(figures: Report, found: list[tuple[str, bool]], sound: list[tuple[str, bool]]) -> None:
    """Holds the figures of all roles, of the core and of each role to what was found and what is sound."""
    named = [(figures["all"], ROLES), (figures["core"], CORE), *((counted, [role]) for role, counted in figures["of"].items())]
    for counted, roles in named:
        compare(counted, *([hit for role, hit in side if role in roles] for side in (found, sound)))


def compare_people(figures: Report, gold: list[Article], predicted: list[Article]) -> None:
    forth, back = list(zip(gold, predicted)), list(zip(predicted, gold))
    found, sound = ([(role, hit) for a, b in way for role, _, hit in agreed(a, b)] for way in (forth, back))
    compare_roles(figures["roles_by_entity"], found, sound)
    found, sound = ([(place[1], place in by_mention(b)) for a, b in way for place in by_mention(a)] for way in (forth, back))
    compare_roles(figures["roles_by_mention"], found, sound)
    compare(figures["relations"]["micro"], *([hit for a, b in way for hit in relations(a, b)] for way in (forth, back)))


def test_roles_relations_and_calibration(tmp_path: Path) -> None:
    random = Random(6)
    gold: list[list[Article]] = []
    predicted: list[list[Article]] = []
    for _ in range(CASES):
        sizes = [(random.randint(1, 4), random.randint(1, 3)) for _ in range(random.randint(1, 3))]
        gold.append([in_zones(random, *size) for size in sizes])
        predicted.append([in_zones(random, *size) for size in sizes])
    figures, cases = evaluate(tmp_path, gold, predicted)
    for of_case, right, made in zip(cases, gold, predicted):
        compare_people(of_case, right, made)
    compare_people(figures["all"], flat(gold), flat(predicted))
    sure = [(score, hit) for g, p in zip(flat(gold), flat(predicted)) for _, score, hit in agreed(p, g)]
    assert sum(round(score * 1000) % 100 == 0 for score, _ in sure) > 5, "no score on the border of two bins"
    assert close(figures["calibration"]["expected_error"], calibration_error(sure))


def test_a_role_and_its_calibration_by_hand(tmp_path: Path) -> None:
    spans = [Span(0, 2, "PER"), Span(4, 5, "PER")]
    gold = Article(["word"] * 6, spans, [Entity([0], [Role("panel_chair")]), Entity([1], [Role("witness")])])
    chair, witness = Role("panel_chair", 0.9), Role("panel_chair", 0.4)
    predicted = Article(["word"] * 6, [Span(1, 2, "PER"), spans[1]], [Entity([0], [chair]), Entity([1], [witness])])
    figures, _ = evaluate(tmp_path, [[gold]], [[predicted]])
    roles = figures["all"]["roles_by_entity"]
    assert [roles["all"][name] for name in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]
    assert close(roles["core"]["f1"], 2 / 3) and roles["of"]["witness"]["precision"] is None
    # Only the second mention has the same ends, and its role is wrong.
    assert figures["all"]["roles_by_mention"]["all"]["found"] == 0
    assert close(figures["calibration"]["expected_error"], (0.1 + 0.4) / 2)
