using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Reporting.Pictures;

/// <summary>Reads the images of a report.</summary>
internal static class SourceImages
{
    /// <summary>Decodes an image; returns null if its file is missing or damaged, because a report is useful without it.</summary>
    public static RgbImage? TryDecode(DatasetImage entry)
    {
        try
        {
            return ImageDecoder.Decode(entry.Path);
        }
        catch (FocalSharpException)
        {
            return null;
        }
    }

    /// <summary>Converts a COCO box to corners.</summary>
    public static Box ToBox(CocoBox box) => new((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height));
}
