namespace FocalSharp.Detections;

/// <summary>Specifies how candidates that overlap become detections.</summary>
public enum NmsMethod
{
    /// <summary>Greedy class-wise NMS with the results of the official code: the box of the highest score remains as it is (default).</summary>
    Official,

    /// <summary>
    /// The boxes that official NMS selects, with each edge replaced by the mean over the overlapping candidates of the class, weighted by overlap and by the
    /// inverse variance of that edge (He et al. 2019, variance voting).
    /// </summary>
    Voting,

    /// <summary>Overlapping candidates lose score instead of being dropped (Bodla et al. 2017, Gaussian soft-NMS).</summary>
    Soft,

    /// <summary>Overlapping candidates of a class become one box, their mean weighted by score (Solovyev et al. 2021, weighted boxes fusion).</summary>
    Fusion,
}
