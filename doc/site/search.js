/* SPDX-License-Identifier: MIT */
/*
 * The search field: made here, so that there is none without JavaScript.
 * cmioPages, in index.js, has for each page: its address, names, description
 * and text.  No server is needed.
 */
(function () {
	"use strict";
	var field = document.createElement("input");
	var results = document.createElement("ol");
	var place = document.getElementById("search");

	/* The higher the better; 0: the page has not all the words. */
	function score(page, words) {
		var sum = 0, i, word, names = page[1].toLowerCase();

		for (i = 0; i < words.length; i++) {
			word = words[i];
			if ((" " + names + " ").indexOf(" " + word + " ") >= 0)
				sum += 100;
			else if (names.indexOf(word) >= 0)
				sum += 40;
			else if (page[2].toLowerCase().indexOf(word) >= 0)
				sum += 20;
			else if (page[3].indexOf(word) >= 0)
				sum += 1;
			else
				return 0;
		}
		return sum;
	}

	/* The names with one of the words in them; the first ones if none has. */
	function matching(page, words) {
		var names = page[1].split(" ");
		var some = names.filter(function (name) {
			return words.some(function (word) {
				return name.toLowerCase().indexOf(word) >= 0;
			});
		});

		return (some.length > 0 ? some : names).slice(0, 3);
	}

	function add(page, words) {
		var item = document.createElement("li");

		matching(page, words).forEach(function (name) {
			var link = document.createElement("a");

			link.href = page[0] + (/^cmio_[a-z0-9_]*$/.test(name) ?
			    "#" + name : "");
			link.textContent = name;
			item.appendChild(link);
			item.appendChild(document.createTextNode(" "));
		});
		item.appendChild(document.createTextNode(page[2]));
		results.appendChild(item);
	}

	function search() {
		var words = field.value.toLowerCase().split(/[\s()]+/)
		    .filter(function (word) { return word !== ""; });
		var found = [], i, rank;

		results.textContent = "";
		for (i = 0; words.length > 0 && i < cmioPages.length; i++) {
			rank = score(cmioPages[i], words);
			if (rank > 0)
				found.push([rank, cmioPages[i]]);
		}
		found.sort(function (a, b) { return b[0] - a[0]; });
		for (i = 0; i < found.length && i < 12; i++)
			add(found[i][1], words);
		if (words.length > 0 && found.length === 0) {
			var none = document.createElement("li");
			none.textContent = "Nothing has all of these words.";
			results.appendChild(none);
		}
	}

	field.type = "search";
	field.placeholder = "Search";
	field.setAttribute("aria-label", "Search the pages");
	results.id = "results";
	place.appendChild(field);
	place.appendChild(results);
	field.addEventListener("input", search);
	field.addEventListener("keydown", function (event) {
		var first = results.querySelector("a");

		if (event.key === "Enter" && first !== null)
			location.href = first.href;
		else if (event.key === "Escape")
			results.textContent = "";
	});
	document.addEventListener("keydown", function (event) {
		if (event.key === "/" && event.target === document.body) {
			event.preventDefault();
			field.focus();
		}
	});
	if (/[?&]q=/.test(location.search)) {
		field.value = decodeURIComponent(location.search
		    .replace(/^.*[?&]q=([^&]*).*$/, "$1").replace(/\+/g, " "));
		search();
	}
})();
