//! How well points fit their clusters (Rousseeuw, *Silhouettes: a graphical aid to the interpretation and validation of cluster
//! analysis*, 1987).

use super::clusters::{Clusters, WeightedPoint};

/// The mean silhouette, -1 to 1, over points without their weights; a point that is alone in its cluster has 0, and so has
/// everything in one cluster.
///
/// Takes time by the square of the number of points.
///
/// ```
/// use std::num::NonZeroUsize;
/// use zwerm_voices::opinion::{clusters::{WeightedPoint, farthest_first, k_means}, silhouette::mean_silhouette};
/// let at = |x| WeightedPoint { x, y: 0.0, weight: 1.0 };
/// let points = [at(0.0), at(1.0), at(10.0), at(11.0)];
/// let clusters = k_means(&points, &farthest_first(&points, 2), NonZeroUsize::MIN);
/// assert!((mean_silhouette(&points, &clusters) - 0.899749).abs() < 1e-6);
/// ```
#[must_use]
pub fn mean_silhouette(points: &[WeightedPoint], clusters: &Clusters) -> f64 {
    let many = clusters.centres.len();
    if many < 2 || points.is_empty() {
        return 0.0;
    }
    let mut sizes = vec![0_usize; many];
    for cluster in &clusters.of {
        if let Some(size) = sizes.get_mut(*cluster) {
            *size += 1;
        }
    }
    let each = points.iter().zip(&clusters.of).map(|(point, own)| {
        let mut sums = vec![0.0; many];
        for (other, cluster) in points.iter().zip(&clusters.of) {
            if let Some(sum) = sums.get_mut(*cluster) {
                *sum += point.distance(other);
            }
        }
        silhouette(*own, &sums, &sizes)
    });
    each.sum::<f64>() / points.len() as f64
}

/// The silhouette of a point by its distances to all of each cluster.
fn silhouette(own: usize, sums: &[f64], sizes: &[usize]) -> f64 {
    let (mut within, mut beside) = (0.0, f64::INFINITY);
    for (cluster, (sum, size)) in sums.iter().zip(sizes).enumerate() {
        if cluster != own {
            beside = f64::min(beside, sum / *size as f64);
        } else if *size > 1 {
            within = sum / (*size - 1) as f64;
        } else {
            return 0.0;
        }
    }
    let greatest = f64::max(within, beside);
    if greatest > 0.0 {
        (beside - within) / greatest
    } else {
        0.0
    }
}
