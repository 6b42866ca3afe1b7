"""Scripts and styles of the page are fetched once, checked by their sums, and kept in the user's cache."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from watersellers import BadInput
from watersellers.viz.lab.server.assets import Asset, _unpacked, cache_folder, missing, pinned, prepare

TEXT = b"console.log('shell')"
SHELL = Asset("@some/shell@1.2.3", "dist/main.js", hashlib.sha256(TEXT).hexdigest())


def serving(files):
    def source(package):
        def fetch(path):
            try:
                return files[f"{package}/{path}"]
            except KeyError:
                raise OSError(f"nothing at {path}") from None

        return fetch

    return source


def test_a_file_is_fetched_once_and_then_no_source_is_asked(tmp_path):
    assert prepare(tmp_path, [serving({SHELL.cache_path: TEXT})], [SHELL]) == 1
    assert (tmp_path / SHELL.cache_path).read_bytes() == TEXT

    def never(package):
        raise AssertionError(package)

    assert prepare(tmp_path, [never], [SHELL]) == 0


def test_a_file_that_is_not_the_pinned_one_is_never_kept(tmp_path):
    with pytest.raises(BadInput, match="not the file that is pinned"):
        prepare(tmp_path, [serving({SHELL.cache_path: b"changed"})], [SHELL])
    assert not (tmp_path / SHELL.cache_path).exists()


def test_a_file_that_was_changed_in_the_cache_is_fetched_again(tmp_path):
    prepare(tmp_path, [serving({SHELL.cache_path: TEXT})], [SHELL])
    (tmp_path / SHELL.cache_path).write_bytes(b"torn")
    assert missing(tmp_path, [SHELL]) == [SHELL]
    assert prepare(tmp_path, [serving({SHELL.cache_path: TEXT})], [SHELL]) == 1


def test_a_second_source_serves_what_the_first_does_not_have(tmp_path):
    assert prepare(tmp_path, [serving({}), serving({SHELL.cache_path: TEXT})], [SHELL]) == 1


def test_without_net_and_cache_one_sentence_says_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="connect this machine to the internet once and run: watersellers view"):
        prepare(tmp_path, [serving({})], [SHELL])


def test_a_package_is_read_without_unpacking_it():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("package/dist/main.js", "package/../../outside.js"):
            info = tarfile.TarInfo(name)
            info.size = len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT))
    fetch = _unpacked(packed.getvalue())
    assert fetch("dist/main.js") == TEXT
    with pytest.raises(OSError, match="holds no"):
        fetch("dist/other.js")


def test_every_pinned_file_has_a_version_and_a_sum_and_none_stands_in_the_repository():
    assets = pinned()
    assert all(asset.package.count("@") >= 1 and asset.package[-1].isdigit() for asset in assets)
    assert all(len(asset.sha256) == 64 for asset in assets)
    names = {Path(asset.path).name for asset in assets}
    ours = {file.name for file in Path(__file__).resolve().parents[2].joinpath("viz").rglob("*")}
    assert not names & ours


def test_the_cache_can_be_put_elsewhere(tmp_path):
    assert cache_folder({"WATERSELLERS_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}).parts[-2:] == ("watersellers", "page")
