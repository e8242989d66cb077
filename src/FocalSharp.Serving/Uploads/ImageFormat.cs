namespace FocalSharp.Serving.Uploads;

/// <summary>The format of an uploaded image, detected from its first bytes.</summary>
internal enum ImageFormat
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>GIF; the first frame is used.</summary>
    Gif,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>Windows bitmap.</summary>
    Bmp,
}
