namespace FocalSharp.Models.Catalog;

/// <summary>What a published model can be used for.</summary>
public enum ModelKind
{
    /// <summary>A whole detector: detects as it is, and is a start for training.</summary>
    Detector,

    /// <summary>A classifier's layers: only a start for training a detector.</summary>
    Backbone,
}
