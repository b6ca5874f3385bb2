// Conveniences only: the page is complete without this.
(function () {
  "use strict";
  var root = document.documentElement;
  var radios = document.querySelectorAll('input[name="language"]');
  radios.forEach(function (radio) {
    var tag = radio.id.slice(5);
    if (location.hash === "#lang=" + tag) radio.checked = true;
    if (radio.checked) root.lang = tag;
    radio.addEventListener("change", function () {
      if (radio.checked) root.lang = tag;
    });
  });

  // Hover over a fan: the month, the median and the widest band, read back from the drawing itself.
  var locales = { en: "en", de: "de", zh: "zh" };
  var tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.appendChild(tip);

  function points(path) {
    var numbers = path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    var out = [[numbers[0], numbers[1]]];
    for (var i = 2; i + 1 < numbers.length; i += 2) {
      var last = out[out.length - 1];
      out.push([last[0] + numbers[i], last[1] + numbers[i + 1]]);
    }
    return out;
  }

  function nearest(list, x) {
    return list.reduce(function (best, point) {
      return Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best;
    });
  }

  document.querySelectorAll("svg[data-fan]").forEach(function (svg) {
    var f = svg.dataset.fan.split(" ");
    var first = +f[0], x0 = +f[1], step = +f[2], bottom = +f[3], top = +f[4], largest = +f[5], percent = f[6] === "%";
    var band = svg.querySelector(".b95");
    var medians = Array.prototype.slice.call(svg.querySelectorAll("path.median"));
    if (!band || !medians.length) return;
    var edge = null, median = null, rule = null;

    function value(y) {
      var v = ((bottom - y) / (bottom - top)) * largest;
      var style = percent ? { style: "percent", maximumFractionDigits: 0 } : { notation: "compact", maximumSignificantDigits: 3 };
      return new Intl.NumberFormat(locales[root.lang] || "en", style).format(Math.max(0, v));
    }

    svg.addEventListener("pointermove", function (event) {
      if (!edge) {
        edge = points(band);
        median = [].concat.apply([], medians.map(points));
        rule = document.createElementNS("http://www.w3.org/2000/svg", "line");
        rule.setAttribute("class", "rule");
        svg.appendChild(rule);
      }
      var box = svg.getBoundingClientRect();
      var x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      var count = edge.length / 2;
      var index = Math.max(0, Math.min(count - 1, Math.round((x - x0) / step)));
      var high = edge[index], low = edge[edge.length - 1 - index];
      rule.setAttribute("x1", high[0]);
      rule.setAttribute("x2", high[0]);
      rule.setAttribute("y1", bottom);
      rule.setAttribute("y2", top);
      var month = first + Math.round((high[0] - x0) / step);
      var name = new Intl.DateTimeFormat(locales[root.lang] || "en", { year: "numeric", month: "short" })
        .format(new Date(Math.floor(month / 12), month % 12, 1));
      tip.textContent = name + ": " + value(nearest(median, high[0])[1]) + " (95 %: " + value(low[1]) + "–" + value(high[1]) + ")";
      tip.hidden = false;
      rule.removeAttribute("visibility");
      var left = Math.min(event.clientX + 12, root.clientWidth - tip.offsetWidth - 8);
      tip.style.left = Math.max(4, left) + "px";
      tip.style.top = event.clientY + 14 + "px";
    });
    svg.addEventListener("pointerleave", function () {
      tip.hidden = true;
      if (rule) rule.setAttribute("visibility", "hidden");
    });
  });
})();
