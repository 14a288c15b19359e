# save_json(): how every script of this folder writes its numbers, with the versions that made them. The same R and
# packages write the same bytes.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
save_json <- function(out, name, packages = character(), digits = 15) {
  versions <- sapply(c(packages, "jsonlite"), function(package) as.character(packageVersion(package)))
  made_with <- as.list(c(R = as.character(getRversion()), versions))
  text <- jsonlite::toJSON(c(list(made_with = made_with), out), digits = I(digits), auto_unbox = TRUE, na = "null")
  writeLines(text, file.path(here, name), useBytes = TRUE)
}
