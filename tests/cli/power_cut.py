#!/usr/bin/env python3
"""Trainings whose computer loses its power at a random moment go on and end with the bytes of one that never stopped.

    power_cut.py DESCENT [--cuts N | --all] [--seed N]

strace records what a training asks of its disk. A cut is made after one of these requests (--all: after each): what was synced is there; of what
was only written, any part may be, in any order, also as zeros (blocks are written when the system likes); of new names and
renames that no sync of their folder followed, only the first few are. That is what file systems with a journal allow
(T. S. Pillai et al., All File Systems Are Not Created Equal, OSDI 2014). The folder of that moment is made and the
training goes on in it. Ends with "N passed, N failed"; skipped without strace."""
import argparse
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile
import time

from stopped import CASES, Case, can_trace

CALLS = ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "unlinkat", "mkdir", "close"]
BLOCK = 512
LONGEST = 1 << 24  # bytes that one request writes; more would be cut, which is no hexadecimal number


class File:
    """Bytes that are safe on the disk, and the changes asked for since: (offset, bytes), or (length, None) to cut or grow."""

    def __init__(self, content=b""):
        self.safe, self.changes, self.place = bytes(content), [], 0

    def after(self, changes):
        content = bytearray(self.safe)
        for at, data in changes:
            content.extend(bytes(max(0, at - len(content))))
            if data is None:
                del content[at:]
            else:
                content[at:at + len(data)] = data
        return bytes(content)

    def sync(self):
        self.safe, self.changes = self.after(self.changes), []

    def left(self, dice):
        """What a cut leaves: none of the changes, all, or some in part."""
        some = []
        for at, data in self.changes:
            if data is not None:
                data = dice.choice([data, data[:BLOCK * dice.randint(0, len(data) // BLOCK)], bytes(len(data))])
            if dice.random() < 0.5:
                some.append((at, data))
        return self.after(dice.choice([[], self.changes, some]))


class Disk:
    """Names are those that the program sees; `safe` those that no cut takes back. A folder is None."""

    def __init__(self, folder, honest=True):
        self.names = {path.relative_to(folder).as_posix(): File(path.read_bytes()) if path.is_file() else None
                      for path in folder.rglob("*")}
        self.safe, self.asked, self.open, self.honest = dict(self.names), [], {}, honest

    @staticmethod
    def change(names, what, path, to):
        if what == "rename":
            names[to] = names.pop(path)
        elif what == "unlink":
            names.pop(path, None)
        else:
            names[path] = to

    def ask(self, what, path, to=None):
        self.change(self.names, what, path, to)
        self.asked.append((what, path, to))

    def sync_folder(self, folder):
        mine = [ask for ask in self.asked if os.path.dirname(ask[1]) == folder]
        self.asked = [ask for ask in self.asked if os.path.dirname(ask[1]) != folder]
        for ask in mine:
            self.change(self.safe, *ask)

    def openat(self, result, _, path, flags, *mode):
        if path not in self.names and "O_CREAT" in flags:
            self.ask("create", path, File())
        if path not in self.names and path:
            return
        file = self.names[path] if path else None
        self.open[result] = path if file is None else file
        if file and "O_TRUNC" in flags:
            file.changes.append((0, None))

    def write(self, result, fd, data, *size):
        if int(fd) in self.open:
            file = self.open[int(fd)]
            file.changes.append((file.place, data[:result]))
            file.place += result

    def pwrite64(self, result, fd, data, _, offset):
        if int(fd) in self.open:
            self.open[int(fd)].changes.append((int(offset), data[:result]))

    def ftruncate(self, _, fd, length):
        if int(fd) in self.open:
            self.open[int(fd)].changes.append((int(length), None))

    def fsync(self, _, fd):
        what = self.open.get(int(fd))
        if isinstance(what, str):
            self.sync_folder(what)
        elif what and self.honest:
            what.sync()

    fdatasync = fsync

    def close(self, _, fd):
        if isinstance(self.open.get(int(fd)), File):
            self.open[int(fd)].place = 0
        self.open.pop(int(fd), None)

    def rename(self, _, path, to):
        self.ask("rename", path, to)

    def unlink(self, _, path):
        self.ask("unlink", path)

    def unlinkat(self, _, fd, name, *flags):
        self.ask("unlink", os.path.normpath(f"{self.open[int(fd)]}/{name}"))

    def mkdir(self, _, path, mode):
        self.ask("create", path)

    def cut(self, dice):
        """Names and bytes that are there when the power is back."""
        names = dict(self.safe)
        for ask in self.asked[:dice.randint(0, len(self.asked))]:
            self.change(names, *ask)
        return {path: file and file.left(dice) for path, file in names.items()}


def lay(files, folder):
    """The folder with these files; those whose folder was lost are lost."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, content in sorted(files.items()):
        if content is None:
            (folder / path).mkdir()
        elif (folder / path).parent.exists():
            (folder / path).write_bytes(content)


def argument(word):
    """Strings are in hexadecimal and become bytes; other words stay."""
    if not word.startswith('"'):
        return word
    return bytes.fromhex(word.strip('"').replace("\\x", ""))


def path_of(word):
    """Within the folder of the sitting, if it is of the run; "": that folder itself; None: elsewhere."""
    path = os.path.normpath(word.decode())
    return "" if path == "." else path if path.split("/")[0] == "run" else None


def whole_lines(trace):
    """Calls without the number of the process; one that another thread's call interrupted is put together again."""
    begun = {}
    for line in trace.read_text().splitlines():
        process, call = line.split(maxsplit=1)
        resumed = re.match(r"<\.\.\. \w+ resumed>", call)
        if resumed:
            call = begun.pop(process) + call[resumed.end():]
        if call.endswith("<unfinished ...>"):
            begun[process] = call.removesuffix("<unfinished ...>")
        else:
            yield call


def requests(trace):
    """What succeeded, as (call, result, arguments), from the first that is of the run; of paths only those of the run."""
    begun = False
    for line in whole_lines(trace):
        found = re.fullmatch(r'(\w+)\((.*)\) += (\d+).*', line)
        if not found:
            continue
        call, result, words = found[1], int(found[3]), [argument(word) for word in found[2].split(", ")]
        if call not in ("write", "pwrite64"):
            words = [path_of(word) if isinstance(word, bytes) and call != "unlinkat" else
                     word.decode() if isinstance(word, bytes) else word for word in words]
        begun = begun or call in ("mkdir", "openat") and None not in words
        if begun and None not in words:
            yield call, result, words


class Sitting:
    """One sitting of a training: the folder before it, and what it asked for."""

    def __init__(self, case, before=None):
        self.case, self.before = case, case.folder / ("begun" if before else "empty")
        lay(before or {}, case.run.parent)
        case.words()  # takes away what is no run yet
        shutil.rmtree(self.before, ignore_errors=True)
        shutil.copytree(case.run.parent, self.before)
        done = case.traced(CALLS, "-xx", "-s", str(LONGEST))
        if done.returncode:
            sys.exit(f"FAIL {case.name}: status {done.returncode}: {done.stderr}")
        self.requests = list(requests(case.folder / "trace"))
        disk = self.disk(len(self.requests))
        told = {path: file and file.after(file.changes) for path, file in disk.names.items()}
        left = {path: file and file.safe for path, file in Disk(case.run.parent).names.items()}
        for path in sorted(set(told) | set(left)):
            if told.get(path, "") != left.get(path, ""):
                sys.exit(f"FAIL {case.name}: what was recorded of '{path}' is not what the training left")

    def disk(self, number, honest=True):
        """The disk after so many requests."""
        disk = Disk(self.before, honest)
        for call, result, words in self.requests[:number]:
            getattr(disk, call)(result, *words)
        return disk

    def go_on(self, files):
        lay(files, self.case.run.parent)
        return self.case.finish()


def unsynced_is_found(sitting):
    """The test can fail: a disk on which fsync of a file does nothing, and renames come before what they name."""
    disk = sitting.disk(len(sitting.requests), honest=False)
    return sitting.go_on({path: file and file.safe for path, file in disk.names.items()}) != ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("descent")
    parser.add_argument("--cuts", type=int, default=30)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100000)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    print(f"seed {args.seed}")
    passed = failed = 0
    # what a sync does is played, so the files may lie in memory
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        folder = pathlib.Path(folder)
        if not can_trace(folder):
            print("skipped: there is no strace that may trace")
            sys.exit(77)
        sittings = []
        for i in range(len(CASES)):
            first = Sitting(Case(os.path.abspath(args.descent), folder, i))
            sittings.append(first)
            half = first.disk(len(first.requests) // 2)
            sittings.append(Sitting(first.case, half.cut(dice)))
        places = [(sitting, after) for sitting in sittings for after in range(len(sitting.requests) + 1)]
        for sitting, after in places if args.all else dice.choices(places, k=args.cuts):
            wrong = sitting.go_on(sitting.disk(after).cut(dice))
            passed, failed = passed + (not wrong), failed + bool(wrong)
            if wrong:
                print(f"FAIL {sitting.case.name}, after {after} of {len(sitting.requests)} requests: {wrong}", flush=True)
        if not unsynced_is_found(sittings[0]):
            failed += 1
            print("FAIL a disk that forgets what was synced is not noticed")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
