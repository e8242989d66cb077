namespace FocalSharp.Imaging.Resizing;

/// <summary>Specifies how a resize fits an image into the input.</summary>
public enum ResizeMode
{
    /// <summary>The aspect ratio is kept; the rest of the input is padding.</summary>
    KeepRatio,

    /// <summary>The image is stretched to fill the input.</summary>
    Stretch,

    /// <summary>
    /// The image is stretched by an affine warp without half-pixel centers, as NanoDet-Plus does: the pixel at <c>x</c> of the input is sampled at
    /// <c>x · width / side</c> of the image, and samples beyond its border are black.
    /// </summary>
    Warp,

    /// <summary>The image is stretched to fill the input by bicubic interpolation, as PicoDet does.</summary>
    StretchBicubic,
}
