namespace FocalSharp.Torch.Detectors;

/// <summary>How objects find the locations that learn them.</summary>
public enum AssignerKind
{
    /// <summary>By the anchors' geometry; see <see cref="FocalSharp.Assignment.AtssAssigner"/>.</summary>
    Atss,

    /// <summary>By what the net predicts; see <see cref="FocalSharp.Assignment.DynamicSoftLabelAssigner"/>.</summary>
    DynamicSoftLabel,
}
