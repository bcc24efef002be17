"""The reference of a pack as a page: everything that its rules say, readable without the product."""

from markdown_it import MarkdownIt
from markupsafe import Markup

from reports.pages.rendering import render
from rules.handbook import pack_as_markdown
from rules.pack import RulePack


def render_reference(pack: RulePack) -> str:
    """The reference as one self-contained page. Text of the pack can never become markup."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = reader.render(pack_as_markdown(pack))
    headed = body.replace("<th>", '<th scope="col">')
    scrolling = headed.replace(
        "<table>", '<div class="panel scroll" tabindex="0" role="region" aria-label="Table"><table>'
    )
    return render(
        "reference.html", {"pack": pack, "body": Markup(scrolling.replace("</table>", "</table></div>"))}
    )
