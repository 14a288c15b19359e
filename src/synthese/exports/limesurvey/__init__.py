"""LimeSurvey: what its tool and its form file share; the tool itself is `tools.limesurvey`."""
