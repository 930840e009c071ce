"""What a person looks at: a graph as one page for a browser, as an SVG or PNG, and as a drawing in a notebook.

`layout` decides where each package stands, `broken` which specs do not hold, `page_data` what a page is given,
`graph_page` makes the page, `graph_image` the pictures, and `drawing` what a notebook shows. igraph and
matplotlib are imported in this room alone, on first use.
"""
