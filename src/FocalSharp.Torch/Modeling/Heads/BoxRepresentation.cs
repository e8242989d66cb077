namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>How a box side is modelled (paper, section 3.2, table 3a).</summary>
public enum BoxRepresentation
{
    /// <summary>A general distribution over n + 1 bins, a logit each (official).</summary>
    General,

    /// <summary>
    /// A Dirac delta: one number, the distance itself, as detectors before the paper. The baseline to compare with: its deviations are
    /// those of two neighbouring bins and tell nothing, and the Distribution Focal Loss has nothing to teach it (set its weight to 0).
    /// </summary>
    Dirac,
}
