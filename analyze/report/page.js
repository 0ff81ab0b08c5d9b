// Tables sort by their heads, curves are switched by buttons, values show beside the pointer.
'use strict';
for (const table of document.querySelectorAll('table.sortable')) {
	const heads = [...table.tHead.rows[0].cells];
	heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
		const down = head.getAttribute('aria-sort') === 'ascending';
		const key = row => {
			const cell = row.cells[column];
			if (!('v' in cell.dataset)) return cell.textContent;
			return cell.dataset.v === '' ? null : Number(cell.dataset.v);
		};
		const rows = [...table.tBodies[0].rows].map((row, at) => ({ row, at, key: key(row) }));
		rows.sort((a, b) => {
			if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
			const d = typeof a.key === 'number' && typeof b.key === 'number'
				? a.key - b.key : String(a.key).localeCompare(String(b.key), undefined, { numeric: true });
			return (down ? -d : d) || a.at - b.at;
		});
		heads.forEach(h => h.removeAttribute('aria-sort'));
		head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
		table.tBodies[0].append(...rows.map(r => r.row));
	}));
}
// A curve is drawn in parts (line, points, band, key): a switch takes what bears its name, in each
// panel, and what has no name and its colour.
const nameOf = plot => {
	if (plot.querySelector('.tip')) return '';
	const text = [...plot.querySelectorAll('text')].find(t => !t.closest('.tip'));
	const name = text ? text.textContent.trim().replace(/: (knee|NDR|PDR) .*$/, '') : '';
	return name.length < 3 || /^[\d.,−\s%kMGm*†-]+$/.test(name) ? '' : name;
};
const colourOf = plot => {
	for (const part of plot.querySelectorAll('path, use, polygon, polyline, rect, circle, text'))
		for (const from of [part, part.parentNode])
			for (const name of ['stroke', 'color', 'fill']) {
				const rgb = (/^rgb\(([\d\s,]+)\)/.exec(from.getAttribute(name) || '') || ['', ''])[1].split(',').map(Number);
				if (rgb.length === 3 && Math.max(...rgb) - Math.min(...rgb) > 24) return rgb.join();
			}
	return '';
};
for (const figure of document.querySelectorAll('figure')) {
	const bar = document.createElement('div');
	bar.className = 'toggles';
	const plots = [...figure.querySelectorAll('.plot')].map(plot => ({ plot, name: nameOf(plot), colour: colourOf(plot) }));
	const names = [...new Set(plots.map(p => p.name).filter(n => n))];
	for (const name of names) {
		const colours = plots.filter(p => p.name === name && p.colour).map(p => p.colour);
		const own = plots.filter(p => p.name === name || (!p.name && p.colour && colours.includes(p.colour)));
		const button = document.createElement('button');
		button.type = 'button';
		button.textContent = name;
		button.setAttribute('aria-pressed', 'true');
		button.addEventListener('click', () => {
			const off = button.getAttribute('aria-pressed') === 'true';
			own.forEach(p => p.plot.classList.toggle('off', off));
			button.setAttribute('aria-pressed', String(!off));
		});
		bar.append(button);
	}
	if (bar.children.length > 1) figure.append(bar);
}
const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('role', 'status');
document.body.append(tip);
const show = (target, x, y) => {
	tip.textContent = target.querySelector('title').textContent;
	tip.hidden = false;
	tip.style.left = Math.min(x + 14, innerWidth - tip.offsetWidth - 8) + 'px';
	tip.style.top = Math.max(y - 34, 4) + 'px';
};
for (const mark of document.querySelectorAll('.tip')) {
	mark.addEventListener('pointermove', e => show(mark, e.clientX, e.clientY));
	mark.addEventListener('pointerleave', () => { tip.hidden = true; });
	mark.addEventListener('focus', () => { const b = mark.getBoundingClientRect(); show(mark, b.x, b.y); });
	mark.addEventListener('blur', () => { tip.hidden = true; });
}
