"""The Gradio page: HTML made from answers, escaped.

``app.py`` lays it out, ``handlers.py`` answers its events; everything else renders. Imports
answer and service.
"""
