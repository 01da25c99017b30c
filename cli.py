"""The command line of waqai: each command holds options and help, and calls one function of `coder`."""

import contextlib
import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

import coder
from coder.model import InputError

if TYPE_CHECKING:
    from coder.archive import Run
    from coder.outputs import Written

app = typer.Typer(
    help="waqai (وقائع): who did what to whom in Arabic news, in CAMEO and PLOVER.", no_args_is_help=True, pretty_exceptions_enable=False
)

Inputs = Annotated[
    list[str],
    typer.Argument(help="Stories: .txt, .jsonl, .csv, .tsv, .xml, .conllu, gzip of these, folders, parse stores, or - for standard input."),
]
Tables = Annotated[Path | None, typer.Option("--dictionaries", help="A folder of your own tables, laid over the shipped ones.")]
Day = Annotated[str, typer.Option("--date", help="Date of stories that have none, YYYY-MM-DD.")]
Package = Annotated[str, typer.Option("--parser", help="shipped, or official (Stanza's own Arabic package).")]
Encoding = Annotated[str, typer.Option(help="Encoding of files that are not UTF-8, such as windows-1256.")]
Columns = Annotated[list[str] | None, typer.Option("--column", help="FIELD=NAME for CSV, TSV and JSON columns: text=body")]
_TOLD = 20  # problems of one file that a run tells; `waqai check` tells all
Stale = Annotated[str, typer.Option("--stale", help="A parse store of another parser: refuse, use, or reparse.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Worker processes; the results are the same for any number.")]


_FORMATS = (
    "One or more of native, gdelt1, gdelt2, icews, phoenix, polecat, plover, parquet, sqlite, with commas between. native, parquet and sqlite hold "
    "every mention; the others count an event once and hold what happened only."
)
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="One format: the file (standard output if not given). Several: a folder, made if it is not there, for events.csv, events.icews.tab ... "
        "A datapackage.json and a manifest.json stand beside it.",
    ),
]
Quads = Annotated[str, typer.Option("--gdelt-quads", help="QuadClass of GDELT formats: usual, or gdelt (as GDELT's own files: 09 is 2, 14 is 3).")]


def _say(message: object) -> None:
    typer.echo(str(message), err=True)


def _usage(message: str) -> typer.Exit:
    _say(message)
    return typer.Exit(2)


def _load(folder: Path | None) -> coder.Dictionaries:
    try:
        dictionaries = coder.load_dictionaries(folder)
    except FileNotFoundError as error:
        raise _usage(f"{error} (check the spelling of --dictionaries)") from error
    told: Counter[str] = Counter()
    for problem in dictionaries.problems:
        told[problem.where.partition(":")[0]] += 1
        if told[problem.where.partition(":")[0]] <= _TOLD:
            _say(f"dictionaries: {problem}")
    more = sum(max(0, count - _TOLD) for count in told.values())
    rest = ([f"{more} more problems"] if more else []) + ([f"{len(dictionaries.notes)} notes"] if dictionaries.notes else [])
    if rest:
        _say(f"dictionaries: {', '.join(rest)} (waqai check --dictionaries {folder} tells them all)")
    return dictionaries


def _valid_date(date: str) -> str:
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(date).isoformat() if date else ""
    raise _usage(f"--date {date!r} is not a date; write YYYY-MM-DD")


def _valid_parser(package: str) -> str:
    if package not in ("shipped", "official"):
        raise _usage(f"--parser {package!r}: say shipped or official")
    return package


def _valid_stale(stale: str) -> str:
    if stale not in ("refuse", "use", "reparse"):
        raise _usage(f"--stale {stale!r}: say refuse, use or reparse")
    return stale


def _columns(pairs: list[str] | None) -> dict[str, str]:
    """Column names by our names of the fields; usage error for what is no FIELD=NAME."""
    from coder.stories import FIELDS

    columns = dict(pair.partition("=")[::2] for pair in pairs or [])
    for field, name in columns.items():
        if field not in FIELDS or not name:
            raise _usage(f"--column {field}={name}: write FIELD=NAME, such as text=body; the fields are {', '.join(FIELDS)}")
    return columns


Cluster = Annotated[
    str, typer.Option("--cluster", help="Workers of a Dask cluster: its address, a scheduler file, slurm, or local (pip install waqai[cluster]).")
]


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """What stops a whole run, as a message and exit code 2 instead of a traceback."""
    from coder.archive import ArchiveError
    from coder.crew import CrewError
    from coder.parse import ParserError
    from coder.store import StoreError

    try:
        yield
    except (ArchiveError, CrewError, ParserError, StoreError) as error:
        _say(error)
        raise typer.Exit(130 if getattr(error, "interrupted", False) else 2) from error
    except KeyboardInterrupt as error:
        _say("stopped (a parse that is started again goes on where it was)")
        raise typer.Exit(130) from error


@contextlib.contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        yield sys.stdout
        return
    from coder.unpack import whole_file

    try:
        with whole_file(path) as stream:
            yield stream
    except OSError as error:
        why = f"there is no folder {path.parent}" if not path.parent.is_dir() else error.strerror or error
        raise _usage(f"{path} cannot be written: {why} (make room or choose another file)") from error


def _valid_formats(text: str, quads: str, out: Path | None, inputs: list[str]) -> list[str]:
    """The formats asked for; usage errors, before any work, for what cannot be written or would overwrite an input."""
    from coder.formats import QUADS, FormatError, format_names
    from coder.outputs import check_targets

    if quads not in QUADS:
        raise _usage(f"--gdelt-quads {quads!r}: say {' or '.join(QUADS)}")
    try:
        names = format_names(text)
        check_targets(names, out, inputs)
    except FormatError as error:
        raise _usage(str(error)) from error
    return names


def _write(events: "Iterator[coder.Event]", names: list[str], out: Path | None, quads: str) -> "tuple[int, list[Written]]":
    """Write the events in all formats; usage errors for what cannot be written."""
    from coder.formats import FormatError
    from coder.outputs import left_out_notes, output_paths, write_formats, write_stream

    try:
        if out is None:
            with _output(None) as stream:
                return write_stream(events, names[0], stream, quads)
        count, written = write_formats(events, output_paths(out, names), quads)
    except FormatError as error:
        raise _usage(str(error)) from error
    except BrokenPipeError as error:  # `| head` has what it wants
        sys.stdout = open(os.devnull, "w")
        raise typer.Exit(1) from error
    except OSError as error:
        raise _usage(f"{error.filename or out} cannot be written: {error.strerror or error} (make room or choose another --out)") from error
    for note in left_out_notes(written):
        _say(note)
    return count, written


def _describe(
    written: "list[Written]", command: str, options: dict[str, object], inputs: list[str], counts: dict[str, int], tables: Path | None, parser: str
) -> None:
    """Write datapackage.json and manifest.json beside the outputs."""
    from coder.package import input_hashes, manifest, write_beside
    from coder.parse import parser_digest

    weights = parser_digest(parser) if parser else ""
    folders = [tables] if tables is not None else []
    made = manifest(written, command=command, options=options, inputs=input_hashes(inputs), counts=counts, folders=folders, parser=weights)
    write_beside(written, made)


@app.command()
def code(
    inputs: Inputs,
    out: Out = None,
    format: Annotated[str, typer.Option("--format", help=_FORMATS)] = "native",
    date: Day = "",
    encoding: Encoding = "",
    column: Columns = None,
    all_statuses: Annotated[bool, typer.Option("--all-statuses", help="Keep alleged, future, hypothetical and negated events too.")] = False,
    dictionaries: Tables = None,
    parser: Package = "shipped",
    jobs: Jobs = 1,
    stale: Stale = "refuse",
    cluster: Cluster = "",
    shard: Annotated[str, typer.Option("--shard", help="i/n: code only one of n parts of the work, for `waqai merge`; needs --out.")] = "",
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, whatever an interrupted run has left.")] = False,
    gdelt_quads: Quads = "usual",
) -> None:
    """Code stories, or a parse store, into an event table: waqai code story.txt --date 2022-09-13

    With --out, a run that was stopped or killed goes on where it was when the same command is given again.
    """
    from coder.archive import Options, code_shard, coded, parse_shard

    names = _valid_formats(format, gdelt_quads, out, inputs)
    if shard and out is None:
        raise _usage("--shard needs --out FILE, beside which its parts are kept")
    if shard and names != ["native"]:
        raise _usage("--shard keeps events of any format: say --format to `waqai merge`")
    with _failures():
        reading = {"date": _valid_date(date), "encoding": encoding, "columns": _columns(column), "stale": _valid_stale(stale)}
        work = {"jobs": jobs, "cluster": cluster, "shard": parse_shard(shard) if shard else (1, 1), "package": _valid_parser(parser)}
        options = Options(tuple(inputs), _load(dictionaries), all_statuses, **reading, **work)  # type: ignore[arg-type]
        if shard and out is not None:
            folder, done = code_shard(options, out, restart=restart)
            _say(f"{done.stories} stories, {done.events} events, {done.errors + done.skipped} errors in {folder}; when all are done: waqai merge")
            raise typer.Exit(1 if done.errors + done.skipped else 0)
        told = {"all_statuses": all_statuses, "parser": parser, **reading}
        with coded(options, out, restart=restart) as run:
            failed = _write_run(run, out, names, gdelt_quads, "code", inputs, told, dictionaries)
    raise typer.Exit(1 if failed else 0)


def _write_run(
    run: "Run", out: Path | None, names: list[str], quads: str, command: str, inputs: list[str], told: dict[str, object], tables: Path | None = None
) -> bool:
    """The last step of `code` and `merge`: write the formats, what stands beside them, and the problems. Gives whether anything could not be coded."""
    from coder.archive import report
    from coder.package import beside

    count, written = _write(run.events(), names, out, quads)
    failed = report(run, beside(written, "errors.csv") if out is not None else None, _say)
    _say(f"{count} events")
    if out is not None:
        options = {**told, "format": names, "gdelt_quads": quads}
        _describe(written, command, options, inputs, {"events": count}, tables, str(told.get("parser", "")))
    return failed


@app.command()
def merge(
    parts: Annotated[list[Path], typer.Argument(help="The folders that `waqai code --shard` has left: FILE.shard-*-of-8")],
    out: Out = None,
    format: Annotated[str, typer.Option("--format", help=_FORMATS)] = "native",
    gdelt_quads: Quads = "usual",
) -> None:
    """Join the shards of a job array into the table that one run would have written, events in the order of the input."""
    from coder.archive import merged

    names = _valid_formats(format, gdelt_quads, out, [])
    with _failures():
        failed = _write_run(merged(parts), out, names, gdelt_quads, "merge", list(map(str, parts)), {})
    raise typer.Exit(1 if failed else 0)


@app.command()
def parse(
    inputs: Inputs,
    to: Annotated[Path, typer.Option("--to", help="The folder of the parse store; made if it is not there.")],
    date: Day = "",
    encoding: Encoding = "",
    column: Columns = None,
    dictionaries: Tables = None,
    parser: Package = "shipped",
    jobs: Jobs = 1,
    cluster: Cluster = "",
) -> None:
    """Parse stories once into a folder of CoNLL-U that `waqai code` reads without parsing again; an interrupted run goes on where it was."""
    from coder.pipeline import is_failure, parse_inputs
    from coder.store import unlisted

    problems: list[InputError] = []
    options = {"dictionaries": _load(dictionaries), "package": _valid_parser(parser), "date": _valid_date(date)}
    stories = words = old = 0
    with _failures():
        for part in parse_inputs(inputs, to, problems, encoding=encoding, columns=_columns(column), jobs=jobs, cluster=cluster, **options):  # type: ignore[arg-type]
            stories, words, old = stories + part.stories, words + part.words, old + (0 if part.fresh else part.stories)
            _say(f"{stories} stories, {words} words")
        others = unlisted(to)
    for problem in problems:
        _say(problem)
    if others:
        _say(f"{others} parts of other input, weights or dictionaries stay in {to} unused; delete them if you need no way back")
    _say(f"{stories} stories in {to}, {old} of them from an earlier run; now: waqai code {to}")
    raise typer.Exit(1 if any(map(is_failure, problems)) else 0)


@app.command()
def explain(
    sentence: Annotated[str, typer.Argument(help="An Arabic sentence.")],
    date: Day = "",
    html: Annotated[Path | None, typer.Option("--html", help="A page with the tree drawn, instead of text on standard output.")] = None,
    dictionaries: Tables = None,
    parser: Package = "shipped",
) -> None:
    """Show the tree, the clauses, the rows that matched, the actors, and what almost matched and why not."""
    from coder.explain import explain as account
    from coder.parse import Parser, ParserError
    from coder.text import arabic_share

    if arabic_share(sentence) < 0.5:
        raise _usage('no Arabic sentence is given: waqai explain "اتهمت تركيا اليونان"')
    tables = _load(dictionaries)
    story = coder.Story("sentence", sentence, _valid_date(date))
    try:
        sentences = Parser(_valid_parser(parser), tables.whole_words()).parse(story)
    except ParserError as error:
        raise _usage(str(error)) from error
    explanation = account(tables, story, sentences)
    if html is None:
        typer.echo(str(explanation))
        return
    _write_page(html, explanation.page())


@app.command()
def check(
    dictionaries: Tables = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what has one mending, and parse new examples.")] = False,
) -> None:
    """Find every mistake in the dictionaries at once, and run every row's example both ways."""
    from coder.check import check_tables, mend_tables
    from coder.dictionaries import bundled_folder

    folder = dictionaries or bundled_folder()
    if not folder.is_dir():
        raise _usage(f"no dictionary folder {folder}")
    tables = coder.load_dictionaries(dictionaries)
    parse = None
    if fix:
        for done in mend_tables(tables, folder):
            _say(done)
        tables = coder.load_dictionaries(dictionaries)
        from coder.parse import Parser

        parse = Parser(whole_words=tables.whole_words()).parse_many
    problems = check_tables(tables, folder, parse)
    for problem in problems:
        typer.echo(str(problem))
    for note in tables.notes:
        typer.echo(f"note: {note}")
    for name, entries in tables.foreign.items():
        typer.echo(f"note: {name}: {entries} entries read")
    _say(f"{len(tables.verb_rows)} event rows, {len(problems)} problems" + (f", {len(tables.notes)} notes" if tables.notes else ""))
    raise typer.Exit(1 if problems else 0)


@app.command()
def coverage(
    inputs: Annotated[list[str] | None, typer.Argument(help="Stories or parse stores; without any, only the codes are listed.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A folder for CSV tables; standard output if not given.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Lines of each section but the codes.")] = 50,
    date: Day = "",
    encoding: Encoding = "",
    column: Columns = None,
    dictionaries: Tables = None,
    parser: Package = "shipped",
    stale: Stale = "refuse",
) -> None:
    """Show which CAMEO codes the tables reach and, for an INPUT, frequent event words and actors that they lack, and rows that never fire."""
    from coder.coverage import coverage as report
    from coder.coverage import survey_inputs, write_coverage
    from coder.pipeline import is_failure

    problems: list[InputError] = []
    tables, options = _load(dictionaries), {"date": _valid_date(date), "encoding": encoding, "columns": _columns(column)}
    with _failures(), _output(None) as stream:
        found = survey_inputs(inputs, problems, tables, package=_valid_parser(parser), stale=_valid_stale(stale), **options) if inputs else None  # type: ignore[arg-type]
        result = report(tables, found, top, dictionaries)
        write_coverage(result, stream, out)
    for message in (*problems, result.summary()):
        _say(message)
    raise typer.Exit(1 if any(map(is_failure, problems)) else 0)


@app.command()
def codes(prefix: Annotated[str, typer.Argument(help="A CAMEO code or its beginning, or a PLOVER type.")] = "") -> None:
    """List CAMEO codes with name, quad class, Goldstein value and PLOVER type."""
    rows = coder.load_dictionaries().codes.values()
    found = [row for row in rows if row.cameo.startswith(prefix) or prefix and row.plover == prefix.upper()]
    if not found:
        raise _usage(f"no CAMEO code begins with {prefix!r}, and no PLOVER type is called so (`waqai codes` lists all)")
    with _output(None) as stream:
        for row in found:
            stream.write(f"{row.cameo}\t{row.name}\tquad {row.quad}\tGoldstein {row.goldstein}\t{row.plover or '-'} {row.mode}".rstrip() + "\n")


@app.command()
def models(
    action: Annotated[str, typer.Argument(help="download, or check (the shipped weights against their hashes).")],
    resources: Annotated[
        str,
        typer.Option("--resources", envvar="STANZA_RESOURCES_URL", help="Address of another server than Stanza's; it holds resources_VERSION.json."),
    ] = "",
) -> None:
    """Get Stanza's official Arabic package, or check the shipped weights."""
    from coder.parse import check_weights, download_official

    if action not in ("download", "check"):
        raise _usage(f"unknown action {action!r}: say download or check")
    with _failures():
        if action == "check":
            check_weights()
        else:
            download_official(resources)
    typer.echo("ok")


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(help="A folder of UD files, *-train.conllu and *-dev.conllu.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the weights; a run that was stopped goes on from what it holds.")],
    raw: Annotated[Path | None, typer.Option("--raw", help="Raw text for word vectors, a sentence or paragraph a line, plain or gzip.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of every stage.")] = 1,
    device: Annotated[str, typer.Option(help="cpu, or cuda.")] = "cpu",
    effort: Annotated[float, typer.Option(help="Share of the usual number of steps; 0.01 shows in minutes that everything runs.")] = 1.0,
) -> None:
    """Train weights for the parser on any Universal Dependencies treebank of Arabic (hours on a CPU)."""
    from coder.train import Plan, TrainingError
    from coder.train import train as run
    from coder.treebank import TreebankError

    if device not in ("cpu", "cuda"):
        raise _usage(f"--device {device!r}: say cpu or cuda")
    for path in (folder, raw):
        if path is not None and not path.exists():
            raise _usage(f"no {path} (check the spelling)")
    try:
        run(Plan(folder, to, raw, seed, device, effort), _say)
    except (TreebankError, TrainingError) as error:
        raise _usage(str(error)) from error


@app.command()
def convert(
    events: Annotated[str, typer.Argument(help="A native events table: CSV, gzip of it, Parquet, SQLite, or - for standard input.")],
    to: Annotated[str, typer.Option("--to", help=_FORMATS)],
    out: Out = None,
    gdelt_quads: Quads = "usual",
) -> None:
    """Convert a native events table: waqai convert events.csv --to icews --out events.icews.tab"""
    from coder.events_table import EventsError, is_loss, read_table

    names, problems = _valid_formats(to, gdelt_quads, out, [events]), list[InputError]()
    if events != "-" and not Path(events).is_file():
        raise _usage(f"no {events} (check the spelling)")
    try:
        count, written = _write(read_table(events, problems), names, out, gdelt_quads)
    except EventsError as error:
        raise _usage(str(error)) from error
    for problem in problems:
        _say(problem)
    _say(f"{count} events")
    if out is not None:
        _describe(written, "convert", {"to": names, "gdelt_quads": gdelt_quads}, [events], {"events": count, "faults": len(problems)}, None, "")
    raise typer.Exit(1 if any(map(is_loss, problems)) else 0)


Events = Annotated[list[Path], typer.Argument(help="Events tables of `waqai code` (CSV, gzip); several are read as one.")]
Read = Annotated[
    list[str] | None,
    typer.Option("--stories", help="The stories that were coded: files, folders or the parse store, or a table `id, date, sentences`. Repeatable."),
]
Level = Annotated[str, typer.Option("--level", help="One event a day by the full CAMEO code or by its root: code, root.")]
ByPlace = Annotated[bool, typer.Option("--by-place/--no-place", help="Events of a day in two places that are told are two events.")]
Similarity = Annotated[float, typer.Option("--similarity", help="Share of words in common (Jaccard) from which a story is a copy of another.")]
CopyDays = Annotated[int, typer.Option("--days", help="Days after a story within which its copies appear.")]


@contextlib.contextmanager
def _frames() -> Iterator[None]:
    """What no table can be counted from, as a message and exit code 2."""
    from coder.event_frames import FrameError

    try:
        yield
    except FrameError as error:
        raise _usage(str(error)) from error


@app.command()
def dedup(
    events: Events,
    out: Annotated[Path | None, typer.Option("--out", help="The table with clusters; standard output if not given.")] = None,
    stories: Read = None,
    level: Level = "code",
    by_place: ByPlace = True,
    similarity: Similarity = 0.5,
    days: CopyDays = 3,
    drop: Annotated[bool, typer.Option("--drop", help="Keep only the row that tells each event first.")] = False,
    encoding: Encoding = "",
    column: Columns = None,
) -> None:
    """Mark repeated events: mentions in a story, copies of a story, one event a day. Adds cluster ids and counts, deletes nothing."""
    from coder.corpus import read_corpus
    from coder.duplicates import dedup as cluster
    from coder.duplicates import summary
    from coder.event_frames import read_tables
    from coder.pipeline import is_failure

    told: list[InputError] = []
    problems: list[InputError] = []
    with _frames():
        frame = read_tables(events, told)
        read = read_corpus(stories, problems, texts=True, encoding=encoding, columns=_columns(column)) if stories else None
        result = cluster(frame, read, level=level, by_place=by_place, similarity=similarity, days=days)
    kept = result[result["event_id"].eq(result["day_cluster"])].drop_duplicates("event_id") if drop else result
    with _output(out) as stream:
        kept.to_csv(stream, index=False, lineterminator="\n")
    for message in (*told, *problems, summary(result)):
        _say(message)
    if drop:
        _say(f"{len(result) - len(kept)} rows dropped")
    raise typer.Exit(1 if any(map(is_failure, problems)) else 0)


@app.command()
def aggregate(
    events: Events,
    out: Annotated[Path | None, typer.Option("--out", help="The panel (CSV); standard output if not given.")] = None,
    by: Annotated[
        str, typer.Option("--by", help="UNIT-PERIOD: country, dyad (directed) or priogrid, and day, week, month, quarter or year.")
    ] = "country-month",
    start: Annotated[str, typer.Option("--from", help="First day, month or year of the panel; that of the first story if not given.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day, month or year, included.")] = "",
    countries: Annotated[
        str, typer.Option("--countries", help="ISO codes with commas (SYR,IRQ), a file of them, or all; else those of the events.")
    ] = "",
    stories: Read = None,
    role: Annotated[str, typer.Option("--role", help="Whose country an event counts for: source, target, either, or place.")] = "either",
    undirected: Annotated[bool, typer.Option("--undirected", help="One dyad for both directions.")] = False,
    wide: Annotated[bool, typer.Option("--wide/--long", help="A column a measure, or a row a measure.")] = True,
    level: Level = "code",
    by_place: ByPlace = True,
    similarity: Similarity = 0.5,
    days: CopyDays = 3,
    encoding: Encoding = "",
    column: Columns = None,
) -> None:
    """Count events in a complete panel: waqai aggregate events.csv --by country-month --stories parsed --from 2019-01 --to 2020-12"""
    from coder.corpus import read_corpus
    from coder.event_frames import read_tables
    from coder.panels import READ_COLUMNS, parse_layout, read_country_list
    from coder.panels import aggregate as count
    from coder.periods import parse_range
    from coder.pipeline import is_failure

    told: list[InputError] = []
    problems: list[InputError] = []
    notes: list[str] = []
    with _frames():
        parse_layout(by), parse_range(start, end)  # wrong usage is told before minutes of reading
        frame = read_tables(events, told, READ_COLUMNS.__contains__)
        read = read_corpus(stories, problems, encoding=encoding, columns=_columns(column)) if stories else None
        panel = count(
            frame, by, start=start, end=end, countries=read_country_list(countries), stories=read, role=role, undirected=undirected, wide=wide,
            level=level, by_place=by_place, similarity=similarity, days=days, notes=notes,
        )  # fmt: skip
    with _output(out) as stream:
        panel.to_csv(stream, index=False, lineterminator="\n")
    for message in (*told, *problems, *notes, f"{len(panel)} rows"):
        _say(message)
    raise typer.Exit(1 if any(map(is_failure, problems)) else 0)


def _write_page(path: Path, text: str) -> None:
    with _output(path) as stream:
        stream.write(text)
    _say(f"{path} written")


def _existing(path: Path | None) -> None:
    """Usage error for a file that is not there."""
    if path is not None and not path.is_file():
        raise _usage(f"no file {path} (check the spelling)")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A dictionary folder, or shipped; with --runs an events table.")],
    new: Annotated[str, typer.Argument(help="Another one.")],
    inputs: Annotated[list[str] | None, typer.Argument(help="Parse stores or stories; with --runs only to show their sentences.")] = None,
    runs: Annotated[bool, typer.Option("--runs", help="OLD and NEW are events tables of two runs.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A CSV table, one row a change, instead of readable text.")] = None,
    all_statuses: Annotated[bool, typer.Option("--all-statuses", help="Compare alleged, future, hypothetical and negated events too.")] = False,
    date: Day = "",
    parser: Package = "shipped",
    jobs: Jobs = 1,
    stale: Stale = "refuse",
) -> None:
    """Show the events gained, lost and changed between two dictionary folders or two runs, by the row that caused each: waqai diff shipped mine store"""
    from coder.diff import diff_inputs, diff_runs, told, write_diff
    from coder.events_table import is_loss
    from coder.pipeline import is_failure
    from coder.table_changes import load_tables, table_changes

    problems, faults = list[InputError](), list[InputError]()
    if runs:
        for name in (old, new):
            _existing(Path(name))
        try:
            found = diff_runs(Path(old), Path(new), inputs or [], problems, faults)
        except ValueError as error:
            raise _usage(str(error)) from error
    else:
        if not inputs:
            raise _usage("nothing to code: name a parse store or stories after the two folders, or compare two runs with --runs")
        try:
            before, after = load_tables(old), load_tables(new)
        except FileNotFoundError as error:
            raise _usage(f"{error} (say shipped, or check the spelling)") from error
        changes = table_changes(before, after)
        _say(f"{before.digest[:16]} -> {after.digest[:16]}: {changes.note()}")
        for problem in after.problems[:_TOLD]:
            _say(f"dictionaries: {problem}")
        options = {"package": _valid_parser(parser), "stale": _valid_stale(stale), "date": _valid_date(date), "jobs": jobs}
        with _failures():
            found, coded = diff_inputs(before, after, changes, inputs, problems, all_statuses=all_statuses, **options)  # type: ignore[arg-type]
        _say(f"{coded} sentences coded by both")
    with _output(out) as stream:
        if out is not None:
            write_diff(found, stream)
        else:
            stream.writelines(line + "\n" for line in told(found))
    for problem in (*problems, *faults):
        _say(problem)
    _say(f"{len(found)} changes")
    raise typer.Exit(1 if any(map(is_failure, problems)) or any(map(is_loss, faults)) else 0)


@app.command()
def review(
    files: Annotated[list[str], typer.Argument(help="An events table, then the stories or parse store it was coded from; with --read, sheets.")],
    sample: Annotated[int, typer.Option("--sample", min=1, help="Events to draw, from each CAMEO root code.")] = 200,
    html: Annotated[Path | None, typer.Option("--html", help="The page to write.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sample.")] = 1,
    read: Annotated[bool, typer.Option("--read", help="Read judges' sheets: precision, agreement, a draft for a methods section.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="With --read: a CSV table of the precision.")] = None,
    column: Columns = None,
) -> None:
    """Draw events and write a page on which a person judges them; or read the judges' sheets: waqai review --read anna.csv omar.csv"""
    from coder.events_table import is_loss
    from coder.judgements import judge, read_sheets, told, write_precision
    from coder.pipeline import is_failure
    from coder.review import draw_sample, review_page

    problems, faults = list[InputError](), list[InputError]()
    if read:
        judgements = read_sheets(map(Path, files), problems)
        for problem in problems:
            _say(problem)
        if not judgements:
            raise _usage("no judgement in these sheets (export them from the page that `waqai review EVENTS --html FILE` writes)")
        findings, codes = judge(judgements), coder.load_dictionaries().codes
        with _output(None) as stream:
            stream.writelines(line + "\n" for line in told(findings, {code: row.name for code, row in codes.items()}))
        if out is not None:
            with _output(out) as stream:
                write_precision(findings, stream)
        raise typer.Exit(1 if problems else 0)
    if html is None:
        raise _usage("say where the page goes: --html FILE (or --read to read sheets)")
    events, *inputs = files
    _existing(Path(events))
    try:
        drawn = draw_sample(Path(events), sample, seed, faults)
    except ValueError as error:
        raise _usage(str(error)) from error
    _write_page(html, review_page(drawn, coder.load_dictionaries().codes, inputs, problems, _columns(column)))
    for problem in (*problems, *faults):
        _say(problem)
    if not inputs:
        _say("no stories are given: the page shows the events' own words only (name the stories or the parse store behind the table)")
    _say(f"{len(drawn.rows)} of {sum(drawn.sizes.values())} events, sheet {drawn.id}")
    raise typer.Exit(1 if any(map(is_failure, problems)) or any(map(is_loss, faults)) else 0)


@app.command()
def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(help="JSONL (id, events with source, cameo, target; phenomenon) or CSV (id or story_id, source, cameo, target; sentence)."),
    ],
    events: Annotated[str, typer.Argument(help="The events table to judge; - for standard input.")],
    out: Annotated[Path | None, typer.Option("--out", help="A CSV table of the figures, beside the text on standard output.")] = None,
    mistakes: Annotated[Path | None, typer.Option("--mistakes", help="A CSV table of missed and wrong events.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals.")] = 1,
    dictionaries: Tables = None,
) -> None:
    """Judge events by a gold set: precision, recall, F1 with intervals, by code and construction: waqai evaluate gold.jsonl events.csv

    Code the gold's own texts under its ids first: waqai code gold.jsonl --out events.csv. In a gold JSONL line "optional" events are neither asked for
    nor held against the coder; source_ok, target_ok and cameo_ok list what else is right (in CSV with | between). A CSV row with an id and no cameo
    is a story without events. With sentence numbers events are matched within their sentence, else within their story.
    """
    from coder.evaluate import GoldError, bare_names, read_gold, told, write_figures, write_mistakes
    from coder.evaluate import evaluate as judge
    from coder.events_table import EventsError, is_loss, read_table

    problems, faults = list[InputError](), list[InputError]()
    _existing(gold)
    if events != "-":
        _existing(Path(events))
    tables = _load(dictionaries)
    try:
        result = judge(read_gold(gold, problems), read_table(events, faults), bare_names(tables), seed)
    except (GoldError, EventsError) as error:
        raise _usage(str(error)) from error
    for path, write in ((out, write_figures), (mistakes, write_mistakes)):
        if path is not None:
            with _output(path) as stream:
                write(result, stream)
    with _output(None) as stream:
        stream.writelines(line + "\n" for line in told(result, {code: row.name for code, row in tables.codes.items()}))
    for problem in (*problems, *faults):
        _say(problem)
    if result.unjudged:
        _say(f"{result.unjudged} events of stories or sentences that the gold has not were not judged")
    raise typer.Exit(1 if problems or any(map(is_loss, faults)) else 0)


@app.command()
def report(
    events: Annotated[Path, typer.Argument(help="An events table.")],
    html: Annotated[Path, typer.Option("--html", help="The page to write.")],
) -> None:
    """Write one page on a dataset: when, what, who, where, from which sources, how exact, and its known limits: waqai report events.csv --html report.html"""
    from coder.events_table import is_loss
    from coder.report import report_page, tally

    problems: list[InputError] = []
    _existing(events)
    try:
        found = tally(events, problems)
    except ValueError as error:
        raise _usage(str(error)) from error
    _write_page(html, report_page(found, events.name, coder.load_dictionaries().codes))
    for problem in problems:
        _say(problem)
    raise typer.Exit(1 if any(map(is_loss, problems)) else 0)


@app.command("open")
def open_events(
    events: Annotated[Path, typer.Argument(help="A SQLite file, or an events table.")],
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8001,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the web browser.")] = True,
) -> None:
    """Browse events with Datasette (an optional extra), on this machine only: waqai open events.csv"""
    from coder.browse import BrowseError, browse

    _existing(events)
    try:
        raise typer.Exit(browse(events, port, browser))
    except BrowseError as error:
        raise _usage(str(error)) from error


@app.command()
def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Without the self-test, which loads the parser.")] = False,
) -> None:
    """Show versions, hashes, whether the parser's weights are whole, GPU, encodings, disk, and code a sentence; exit 1 if anything failed."""
    from coder.doctor import examine, fingerprint

    failed = 0
    encoding = sys.stdout.encoding or "none"
    with _output(None) as stream:
        for finding in examine(parse=not quick, output=encoding):
            stream.write(f"{finding}\n")
            stream.flush()
            failed += finding.state == "failed"
        whole = f"all well; to cite: waqai {coder.__version__}, fingerprint {fingerprint()}"
        stream.write(("something is wrong: see the lines that begin with failed" if failed else whole) + "\n")
    raise typer.Exit(1 if failed else 0)
