namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>The model of a box side (paper, section 3.2, table 3a).</summary>
public enum BoxRepresentation
{
    /// <summary>A general distribution over n + 1 bins, one logit each (official).</summary>
    General,

    /// <summary>
    /// A Dirac delta: one number, the distance itself, as in detectors before GFL. It is a baseline: its deviations carry no
    /// information, and the Distribution Focal Loss does not apply (set its weight to 0).
    /// </summary>
    Dirac,
}
