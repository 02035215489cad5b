"""Charts as SVG, drawn on the server: geometry here, markup in `templates/charts.jinja`, colours in the style sheet."""
