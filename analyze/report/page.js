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
for (const figure of document.querySelectorAll('figure')) {
	const bar = document.createElement('div');
	bar.className = 'toggles';
	for (const plot of figure.querySelectorAll('.plot')) {
		const text = [...plot.querySelectorAll('text')].find(t => !t.closest('.tip'));
		const name = text ? text.textContent.trim() : '';
		if (name.length < 3 || /^[\d.,−\s%kMGm*†-]+$/.test(name) || plot.querySelector('.tip')) continue;
		const button = document.createElement('button');
		button.type = 'button';
		button.textContent = name;
		button.setAttribute('aria-pressed', 'true');
		button.addEventListener('click', () => {
			const off = plot.classList.toggle('off');
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
