from contextlib import asynccontextmanager
from html import escape

from playwright.async_api import async_playwright
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PAGE = "<!doctype html><title>Receipt {number}</title><h1>Receipt {number}</h1><p>Received with thanks from {payer}.</p>"


@asynccontextmanager
async def browser_of(application):
    async with async_playwright() as playwright:
        application.state.browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell")
        yield


async def receipt(request):
    page = await request.app.state.browser.new_page(java_script_enabled=False)
    try:
        payer = escape(request.query_params.get("payer", "you"))
        await page.set_content(PAGE.format(number=request.path_params["number"], payer=payer))
        return Response(await page.pdf(), media_type="application/pdf")
    finally:
        await page.close()


def health(request):
    alive = request.app.state.browser.is_connected()
    return PlainTextResponse("ok" if alive else "the browser has ended", 200 if alive else 503)


app = Starlette(
    routes=[Route("/receipts/{number:int}.pdf", receipt), Route("/healthz", health)],
    lifespan=browser_of,
)
