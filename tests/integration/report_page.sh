#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# report_page.sh BUILD_FOLDER: the page of nbanalyze report in a headless browser: no error, nothing
# fetched, tables sort, curves switch, values show beside the pointer and by keyboard; and it stays
# below 2 MB for 100 runs. SHOTS=FOLDER leaves screenshots there. Skipped without chromium or gnuplot.
set -euo pipefail
build=$(cd "$1" && pwd)
fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd)
browser=$(command -v chromium || command -v chromium-browser || true)
[ -n "$browser" ] && command -v gnuplot >/dev/null || {
	echo "SKIP: needs chromium and gnuplot (scripts/deps test)"
	exit 77
}
export PATH="$build:$PATH" LC_ALL=C.UTF-8
unset NB_DB
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
fail() {
	echo "FAIL $*"
	failed=1
}

make_db sweep.db "$fixtures/scenario_sweep.sql" "$fixtures/make_db.sql"
make_db zoo.db "$fixtures/scenario_zoo.sql" "$fixtures/make_db.sql" "$fixtures/pictures.sql"
sqlite3 zoo.db "UPDATE run SET labels = json_object('x', '</script><script>hacked=1</script><b onclick=x>'),
	argv = '</pre><script>hacked=1</script>' || char(34) || '><img src=http://192.0.2.1/x>' WHERE id = 3"
nbanalyze --db sweep.db report -o sweep.html --quiet # 120 runs
nbanalyze --db zoo.db report -o zoo.html --quiet
for page in sweep zoo; do
	[ "$(stat -c %s $page.html)" -lt 2000000 ] || fail "$page: larger than 2 MB"
	grep -qiE "(src|href)=['\"]?(https?:)?//" $page.html && grep -iE "<[^>]*(src|href)=['\"]?(https?:)?//" $page.html &&
		fail "$page: names something elsewhere"
	# what the page is asked to do, and what it says of it
	cat >before <<'JS'
<script>
	window.wrong = [];
	addEventListener('error', e => wrong.push('error: ' + e.message));
	addEventListener('securitypolicyviolation', e => wrong.push('policy: ' + e.blockedURI));
</script>
JS
	cat >after <<'JS'
<script>
	const check = (what, ok) => { if (!ok) wrong.push(what); };
	const tables = [...document.querySelectorAll('table.sortable')].filter(t => t.tBodies[0].rows.length > 3);
	check('there is a table', tables.length > 0);
	const table = document.querySelector('#table ~ .wide table');
	const column = 4, head = table.tHead.rows[0].cells[column];
	const values = () => [...table.tBodies[0].rows].map(r => Number(r.cells[column].dataset.v));
	const rises = v => v.every((x, i) => !i || v[i - 1] <= x), n = values().length;
	head.querySelector('button').click();
	check('sorts up', rises(values()) && head.getAttribute('aria-sort') === 'ascending');
	head.querySelector('button').click();
	check('sorts down', rises(values().reverse()) && head.getAttribute('aria-sort') === 'descending');
	check('loses no row', values().length === n);
	check('has pictures', document.querySelectorAll('figure svg').length >= 8);
	const button = document.querySelector('.toggles button');
	check('has switches', button);
	if (button) {
		button.click();
		check('switches off', button.getAttribute('aria-pressed') === 'false' && document.querySelector('.plot.off'));
		button.click();
		check('switches on', button.getAttribute('aria-pressed') === 'true' && !document.querySelector('.plot.off'));
	}
	const mark = document.querySelector('.tip'), tipText = () => document.getElementById('tip');
	check('has values', mark);
	if (mark) {
		mark.dispatchEvent(new PointerEvent('pointermove', { clientX: 50, clientY: 50 }));
		check('shows a value', !tipText().hidden && /\d/.test(tipText().textContent));
		mark.dispatchEvent(new PointerEvent('pointerleave'));
		check('hides it', tipText().hidden);
		mark.focus();
		mark.dispatchEvent(new FocusEvent('focus'));
		check('by keyboard', !tipText().hidden);
	}
	const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
	check('ids are unique: ' + ids.filter((x, i) => ids.indexOf(x) !== i).slice(0, 3), new Set(ids).size === ids.length);
	for (const use of document.querySelectorAll('use'))
		if (!document.getElementById((use.getAttribute('xlink:href') || use.getAttribute('href')).slice(1))) { wrong.push('dangling use'); break; }
	check('data', JSON.parse(document.getElementById('data').textContent).length > 0);
	check('no request', performance.getEntriesByType('resource').length === 0);
	check('no foreign script', typeof hacked === 'undefined' && !document.querySelector('img'));
	document.title = wrong.length ? 'WRONG ' + wrong.join('; ') : 'all well';
</script>
JS
	awk -v before="$(cat before)" '{ print } /<head>/ && !done { print before; done = 1 }' \
		$page.html >tried.html
	sed -i 's|</body></html>||' tried.html
	cat after >>tried.html
	echo '</body></html>' >>tried.html
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
		--user-data-dir="$work/profile" --host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr \
		--virtual-time-budget=3000 --dump-dom "file://$work/tried.html" >dom 2>log || fail "$page: the browser failed"
	title=$(grep -oE '<title>(WRONG [^<]*|all well)</title>' dom | head -n 1 || true)
	[ "$title" = "<title>all well</title>" ] || fail "$page: ${title:-the script did not end}"
	grep -E 'CONSOLE' log | grep -viE 'favicon' && fail "$page: said something on the console"
	if [ -n "${SHOTS:-}" ]; then
		for mode in light dark; do
			timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
				--user-data-dir="$work/profile" --hide-scrollbars --window-size=1100,5200 \
				$([ $mode = dark ] && echo --force-dark-mode --enable-features=WebContentsForceDark:x/y) \
				--screenshot="$SHOTS/$page-$mode.png" "file://$work/$page.html" >/dev/null 2>&1 || true
		done
	fi
done
exit $failed
