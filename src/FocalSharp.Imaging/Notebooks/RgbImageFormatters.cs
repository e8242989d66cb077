using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Notebooks;

/// <summary>Shows an image: small ones as PNG, others as JPEG, which keeps a notebook with photos small.</summary>
internal sealed class RgbImageFormatters
{
    /// <summary>Pixels up to which every pixel is shown exactly.</summary>
    private const int MaxPngPixels = 256 * 256;

    /// <summary>Creates the formatters.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new HtmlFormatter<RgbImage>(Render)];

    private static string Render(RgbImage image)
    {
        bool isSmall = (long)image.Width * image.Height <= MaxPngPixels;
        using MemoryStream file = new();
        if (isSmall)
        {
            ImageEncoder.SavePng(image, file);
        }
        else
        {
            ImageEncoder.SaveJpeg(image, file);
        }

        string type = isSmall ? "image/png" : "image/jpeg";
        return HtmlText.Create(
            $"<img alt=\"{image.Width}x{image.Height} pixels\" width=\"{image.Width}\" style=\"max-width:100%;height:auto\" src=\"data:{type};base64,{Convert.ToBase64String(file.GetBuffer(), 0, (int)file.Length)}\">");
    }
}
