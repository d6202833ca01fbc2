"""Questions asked, answers judged, measures computed."""
