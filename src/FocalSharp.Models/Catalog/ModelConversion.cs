namespace FocalSharp.Models.Catalog;

/// <summary>What is done once to fetched files so that they can be used.</summary>
public enum ModelConversion
{
    /// <summary>Nothing: the one file is kept as published, and read by the checkpoint reader whenever it is used.</summary>
    None,

    /// <summary>A TensorFlow.js graph of NanoDet-g becomes one FocalSharp weights file.</summary>
    NanoDet,
}
