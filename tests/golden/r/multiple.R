# Writes multiple.json: the second-order test of Bilder and Loughin (2004) written out from their description, on drawn
# answers: X²_S, and the eigenvalues of its large-sample covariance under independence. Nothing here uses that this
# covariance is a Kronecker product: it is built cell by cell from the joint distribution of all answers.
source("lib/json.R")
rows_of <- function(m) lapply(seq_len(nrow(m)), function(r) as.integer(m[r, ]))

pearson <- function(a, b) {
  observed <- table(factor(a, 0:max(a, 1)), factor(b, 0:1))
  expected <- outer(rowSums(observed), colSums(observed)) / sum(observed)
  sum(((observed - expected)^2 / expected)[expected > 0])
}

# Pairs of indicators (one of w, one of y) and the statistic of each: sqrt(n) (p_ij - p_i p_j) over its standard error.
second_order <- function(w, y, x2) {
  n <- nrow(w)
  patterns_w <- unique(w); patterns_y <- unique(y)
  share <- function(patterns, data) apply(patterns, 1, function(p) mean(apply(data, 1, function(r) all(r == p))))
  joint <- outer(share(patterns_w, w), share(patterns_y, y))     # independence of all of w and all of y
  pw <- colMeans(w); py <- colMeans(y)
  influence <- array(0, c(nrow(patterns_w), nrow(patterns_y), ncol(w) * ncol(y)))
  for (a in seq_len(nrow(patterns_w))) for (b in seq_len(nrow(patterns_y))) {
    influence[a, b, ] <- as.vector(outer(patterns_w[a, ] - pw, patterns_y[b, ] - py))
  }
  flat <- matrix(influence, ncol = ncol(w) * ncol(y))
  covariance <- t(flat) %*% (flat * as.vector(joint))
  list(n = n, covariance = covariance, pw = pw, py = py, x2 = x2)
}
corrected <- function(eigenvalues, x2) {
  eigenvalues <- Re(eigenvalues)
  df <- sum(eigenvalues)^2 / sum(eigenvalues^2)
  statistic <- x2 * sum(eigenvalues) / sum(eigenvalues^2)
  list(statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE))
}
draw <- function(n, k) { lean <- rnorm(n); sapply(seq_len(k), function(i) as.integer(lean + rnorm(n) > runif(1, -.5, 1.2))) }

set.seed(2004)
multiple <- lapply(1:6, function(i) {
  n <- sample(60:200, 1); w <- draw(n, sample(2:4, 1)); y <- draw(n, sample(2:5, 1))
  if (i %% 2 == 0) y[, 1] <- ifelse(runif(n) < .4, w[, 1], y[, 1])
  cells <- outer(seq_len(ncol(w)), seq_len(ncol(y)), Vectorize(function(a, b) pearson(w[, a], y[, b])))
  found <- second_order(w, y, sum(cells))
  scale <- as.vector(outer(found$pw * (1 - found$pw), found$py * (1 - found$py)))
  ends <- eigen(found$covariance / scale, only.values = TRUE)$values
  smallest <- min(pchisq(cells, 1, lower.tail = FALSE)) * length(cells)
  c(list(w = rows_of(w), y = rows_of(y), cells = lapply(seq_len(ncol(w)), function(r) cells[r, ]), total = sum(cells),
         bonferroni = min(1, smallest)), corrected(ends, sum(cells)))
})
single <- lapply(1:6, function(i) {
  n <- sample(60:200, 1); r <- sample(2:4, 1); group <- c(seq_len(r) - 1, sample(0:(r - 1), n - r, TRUE)); y <- draw(n, sample(2:5, 1))
  if (i %% 2 == 0) y[, 1] <- ifelse(runif(n) < .4, as.integer(group == 0), y[, 1])
  items <- apply(y, 2, function(item) pearson(group, item))
  w <- sapply(seq_len(r) - 1, function(g) as.integer(group == g))
  found <- second_order(w, y, sum(items))
  # Pearson's statistic of a group by item table: gaps of all r groups, each over the group's share and the item's spread.
  scale <- as.vector(outer(found$pw, found$py * (1 - found$py)))
  ends <- eigen(found$covariance / scale, only.values = TRUE)$values
  c(list(group = as.integer(group), groups = r, y = rows_of(y), items = items, total = sum(items),
         bonferroni = min(1, min(pchisq(items, r - 1, lower.tail = FALSE)) * length(items))), corrected(ends, sum(items)))
})
save_json(list(multiple = multiple, single = single), "multiple.json")
