# Writes survey_data.json: the columns of data(api) of R's survey that the golden tests use, at full precision.
library(survey)
data(api)
columns <- c("stype", "dnum", "api00", "api99", "ell", "enroll", "sch.wide", "comp.imp", "awards", "pw", "fpc")
as_columns <- function(data) lapply(data[, columns], function(x) if (is.factor(x)) as.character(x) else x)
out <- list(apistrat = as_columns(apistrat), apiclus1 = as_columns(apiclus1))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
write(jsonlite::toJSON(out, digits = I(17), auto_unbox = FALSE), file.path(here, "survey_data.json"))
