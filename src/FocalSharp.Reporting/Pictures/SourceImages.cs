using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Reporting.Pictures;

/// <summary>The pixels behind a report.</summary>
internal static class SourceImages
{
    /// <summary>An image's pixels, or null where its file is gone or broken: a report is worth having without them.</summary>
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

    /// <summary>A COCO box as corners.</summary>
    public static Box ToBox(CocoBox box) => new((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height));
}
