"""The command line of waqai: each command holds options and help, and calls one function of `coder`."""

import contextlib
import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated

import typer

import coder
from coder.model import InputError

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
    if more or dictionaries.notes:
        _say(f"dictionaries: {more} more problems, {len(dictionaries.notes)} notes (waqai check --dictionaries {folder} tells them all)")
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
    return dict(pair.partition("=")[::2] for pair in pairs or [])


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """What stops a whole run, as a message and exit code 2 instead of a traceback."""
    from concurrent.futures.process import BrokenProcessPool

    from coder.parse import ParserError
    from coder.store import StoreError

    try:
        yield
    except (ParserError, StoreError) as error:
        raise _usage(str(error)) from error
    except BrokenProcessPool as error:
        raise _usage("a worker process was killed, perhaps for want of memory (run again with fewer --jobs)") from error


@contextlib.contextmanager
def _output(path: Path | None) -> Iterator[IO[str]]:
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        yield sys.stdout
        return
    try:
        stream = open(path, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise _usage(f"{path} cannot be written: {error.strerror} (choose another --out)") from error
    try:
        with stream:
            yield stream
    except OSError as error:
        raise _usage(f"{path} cannot be written: {error.strerror or error} (make room or choose another --out)") from error


def _write(path: Path, text: str) -> None:
    with _output(path) as stream:
        stream.write(text)
    _say(f"{path} written")


@app.command()
def code(
    inputs: Inputs,
    out: Annotated[Path | None, typer.Option("--out", help="Events table; standard output if not given.")] = None,
    format: Annotated[str, typer.Option("--format", help="native")] = "native",
    date: Day = "",
    encoding: Encoding = "",
    column: Columns = None,
    all_statuses: Annotated[bool, typer.Option("--all-statuses", help="Keep alleged, future, hypothetical and negated events too.")] = False,
    dictionaries: Tables = None,
    parser: Package = "shipped",
    jobs: Jobs = 1,
    stale: Stale = "refuse",
) -> None:
    """Code stories, or a parse store, into an event table: waqai code story.txt --date 2022-09-13"""
    from coder.output import write_errors, write_native
    from coder.pipeline import code_inputs, is_failure

    if format != "native":
        raise _usage(f"--format {format!r}: only native is written by this version")
    problems: list[InputError] = []
    options = {"dictionaries": _load(dictionaries), "all_statuses": all_statuses, "package": _valid_parser(parser), "date": _valid_date(date)}
    reading = {"encoding": encoding, "columns": _columns(column), "jobs": jobs, "stale": _valid_stale(stale)}
    with _failures(), _output(out) as stream:
        count = write_native(code_inputs(inputs, problems, **options, **reading), stream)  # type: ignore[arg-type]
    for problem in problems:
        _say(problem)
    _say(f"{count} events")
    failures = [p for p in problems if is_failure(p)]
    if failures and out is not None:
        write_errors(failures, out.with_name(out.name + ".errors.csv"))
    raise typer.Exit(1 if failures else 0)


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
) -> None:
    """Parse stories once into a folder of CoNLL-U that `waqai code` reads without parsing again; an interrupted run goes on where it was."""
    from coder.pipeline import is_failure, parse_inputs
    from coder.store import unlisted

    problems: list[InputError] = []
    options = {"dictionaries": _load(dictionaries), "package": _valid_parser(parser), "date": _valid_date(date)}
    stories = words = old = 0
    with _failures():
        for part in parse_inputs(inputs, to, problems, encoding=encoding, columns=_columns(column), jobs=jobs, **options):  # type: ignore[arg-type]
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
    _write(html, explanation.page())


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
    for row in coder.load_dictionaries().codes.values():
        if row.cameo.startswith(prefix) or prefix and row.plover == prefix.upper():
            typer.echo(f"{row.cameo}\t{row.name}\tquad {row.quad}\tGoldstein {row.goldstein}\t{row.plover or '-'} {row.mode}".rstrip())


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
    from coder.pipeline import is_failure
    from coder.table_changes import load_tables, table_changes

    problems: list[InputError] = []
    if runs:
        for name in (old, new):
            _existing(Path(name))
        try:
            found = diff_runs(Path(old), Path(new), inputs or [], problems)
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
    for problem in problems:
        _say(problem)
    _say(f"{len(found)} changes")
    raise typer.Exit(1 if any(map(is_failure, problems)) else 0)


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
    from coder.judgements import judge, read_sheets, told, write_precision
    from coder.review import draw_sample, review_page

    problems: list[InputError] = []
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
        drawn = draw_sample(Path(events), sample, seed)
    except ValueError as error:
        raise _usage(str(error)) from error
    _write(html, review_page(drawn, coder.load_dictionaries().codes, inputs, problems, _columns(column)))
    for problem in problems:
        _say(problem)
    _say(f"{len(drawn.rows)} of {sum(drawn.sizes.values())} events, sheet {drawn.id}")


@app.command()
def report(
    events: Annotated[Path, typer.Argument(help="An events table.")],
    html: Annotated[Path, typer.Option("--html", help="The page to write.")],
) -> None:
    """Write one page on a dataset: when, what, who, where, from which sources, how exact, and its known limits: waqai report events.csv --html report.html"""
    from coder.report import report_page, tally

    _existing(events)
    try:
        found = tally(events)
    except ValueError as error:
        raise _usage(str(error)) from error
    _write(html, report_page(found, events.name, coder.load_dictionaries().codes))


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
