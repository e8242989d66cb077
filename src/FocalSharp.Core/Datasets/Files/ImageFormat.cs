namespace FocalSharp.Datasets.Files;

/// <summary>The image formats whose headers are read. The content counts, not the file name.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    Gif,
    Bmp,
    WebP,
    Tiff,
    Heic,
    Avif,
}
