# Ends with an error that names the packages the scripts need and R lacks here.
lacking <- setdiff(c("jsonlite", "survey", "vcd", "MASS"), rownames(installed.packages()))
if (length(lacking)) {
  cat("R lacks", paste(lacking, collapse = ", "), ": golden numbers stay as they are stored\n")
  quit(status = 3)
}
