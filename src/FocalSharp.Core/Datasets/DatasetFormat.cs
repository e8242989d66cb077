namespace FocalSharp.Datasets;

/// <summary>The annotation formats that are read and written.</summary>
public enum DatasetFormat
{
    /// <summary>COCO JSON: boxes <c>x, y, width, height</c> in pixels.</summary>
    Coco,

    /// <summary>Pascal VOC XML: boxes <c>xmin, ymin, xmax, ymax</c>, 1-based and inclusive.</summary>
    Voc,

    /// <summary>YOLO text with <c>data.yaml</c>: boxes <c>cx, cy, width, height</c> in shares of the image.</summary>
    Yolo,
}
