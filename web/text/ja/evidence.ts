// Pieces of evidence, and what a verdict says of what it compared, in Japanese.

import type { Sentences } from '../sentences.ts'

export const evidence: Sentences = {
  'and {} more like it': 'ほか {1} 件',
  'ended with {} at {}': '{2} に終了コード {1} で終了',
  'ended with {} (signal {}) at {}': '{3} に終了コード {1}(シグナル {2})で終了',
  '{} on {} stands still, stopped by signal {} at {}': '{2} の {1} は {4} にシグナル {3} で一時停止したまま',
  'sequence {} expected, {} found': 'シーケンス番号:期待値 {1}、実際 {2}',
  'sequence {} expected, {} found again': 'シーケンス番号:期待値 {1}、{2} が再び出現',
  'left {}, and did not arrive': '{1} から送出、未到着',
  'arrived before': '以前に到着済み',
  '{} datagrams left {}, {} arrived at {}': '{2} からデータグラム {1} 個を送出、{4} に {3} 個が到着',
  '{} datagrams left {} from {}, {} arrived at {} from there, {} from other addresses':
    '{2} から {3} でデータグラム {1} 個を送出、{5} に同じアドレスから {4} 個、ほかのアドレスから {6} 個が到着',
  '0 datagrams left {} for {} port {}': '{1} から {2} のポート {3} へのデータグラムは 0 個',
  'records of template {}, which was lost': 'テンプレート {1} のレコード(テンプレートは消失)',
  'records of template {}, which did not come': 'テンプレート {1} のレコード(テンプレートは未着)',
  'template {} changes its fields': 'テンプレート {1} のフィールドが変化',
  'this record came before': '以前にも現れたレコード',
  'records came first': 'レコードが先に到着',
  'domain {}: {}': 'ドメイン {1}:{2}',
  '{}: overflow {}': '{1}:あふれ {2}',
  '{}: oversize {}': '{1}:MTU 超 {2}',
  'ethtool -k {} on {}: {} on': '{2} の ethtool -k {1}:{3} が有効',
  '{}: received {}, dropped {}': '{1}:受信 {2}、破棄 {3}',
  '{}: received {}, processed {}, dropped {}': '{1}:受信 {2}、処理 {3}、破棄 {4}',
  '{}: {} of fragments but the first': '{1}:2 番目以降のフラグメント {2}',
  'socketDrops {} (/proc/net/udp of {})': 'socketDrops {1}({2} の /proc/net/udp)',
  'arrived {}, listening false (/proc/net/udp of {})': '到着 {1}、待ち受けなし({2} の /proc/net/udp)',
  'arrived {}, listening true, socketDrops {}': '到着 {1}、待ち受けあり、socketDrops {2}',
  '{} → {}: type {}, code {} in the record': '{1} → {2}:レコードのタイプ {3}、コード {4}',
  '{} {} → {}: {} before, {} after': '{1} {2} → {3}:前 {4}、後 {5}',
  '{} is sfacctd with renormalize; announced is 1:{}, its table holds {} × the packets that arrived':
    '{1} は renormalize 有効の sfacctd。通知は 1:{2}、テーブルの値は到着パケット数の {3} 倍',
  'options of {}: {}: {}': '{1} の options:{2}: {3}',
  'table {} of {}': '{2} のテーブル {1}',
  'no update in it': 'UPDATE なし',
  '{} updates': 'UPDATE {1} 件',
  '{} sessions ended while the books were open': '計測中にセッション {1} 件が切断',
  'announced: {}': '通知:{1}',
  '1:{} ({}) for {}': '1:{1}({2})、{3}',
  '1:{} ({}) for {} records': '1:{1}({2})、レコード {3} 件',
  header: 'ヘッダ',
  record: 'レコード',
  options: 'オプションレコード',
  '{} packets crossed, records count {}': '{1} パケットが通過、レコードの値は {2}',
  '{} packets crossed, records count {}: {}, which all flows share':
    '{1} パケットが通過、レコードの値は {2}:{3}(全フロー共通)',
  '1:{} (1:{} to 1:{} at {} %)': '1:{1}(信頼水準 {4} % で 1:{2}–1:{3})',
  'table {} of {} is no one multiple of what arrived': '{2} のテーブル {1} は到着値の一定の倍率ではない',
  'table {} of {} holds {} × what arrived': '{2} のテーブル {1} は到着値の {3} 倍',
  '{} records beyond {}, the longest {}': '{2} を超えるレコード {1} 件、最長 {3}',
  '{} of {} records are followed by another of their flow at once':
    'レコード {2} 件のうち {1} 件に、同じフローの次のレコードがすぐ続く',
  '{} end before they begin, {} outside the books': '終了が開始より前 {1} 件、計測期間外 {2} 件',

  'follows from it ({}): {}': 'これに伴うもの({1}):{2}',
  '{}: {} packets, {} bytes in this record': '{1}:このレコードで {2} パケット、{3} バイト',
  '{}: {} packets, {} bytes in this record and more in {} others':
    '{1}:このレコードで {2} パケット、{3} バイト、ほか {4} 件',
  '{} → {}: type of service {}, the packets had {}': '{1} → {2}:ToS {3}、パケットの値は {4}',
  '{} → {}: TCP flags {} (all records of the flow: {}), the packets had {}':
    '{1} → {2}:TCP フラグ {3}(フローの全レコードで {4})、パケットの値は {5}',
  '{} → {}: from {} to {}, the packets crossed from {} to {}':
    '{1} → {2}:{3} から {4}、パケットの通過は {5} から {6}',
  '{} → {}: input {}, output {}, the packets came in at {}, which is {}':
    '{1} → {2}:入力 {3}、出力 {4}、パケットは {5}(番号 {6})から受信',
  '{} → {}: input {}, output {}, the packets went out at {}, which is {}':
    '{1} → {2}:入力 {3}、出力 {4}、パケットは {5}(番号 {6})から送信',
  '{}: {} → {}: {}; the packets came in at {} from AS {} (wire.json), and {} metered them there':
    '{1}:{2} → {3}:{4}。パケットは AS {6} から {5} に入り(wire.json)、{7} がそこで計測',

  // Beside the account.
  'ARP (neighbour discovery of IPv4): not IP': 'ARP(IP 以外)',
  '{}: not IP': '{1}(IP 以外)',
  'the probe meters the other direction only': 'プローブは反対方向だけを計測',
  'IPv6: NetFlow v1 has no fields for it': 'IPv6(NetFlow v1 に該当フィールドなし)',
  'IPv6: NetFlow v5 has no fields for it': 'IPv6(NetFlow v5 に該当フィールドなし)',
  'left out by the filter of {}': '{1} のフィルタの対象外',
  'not told apart: no room in the sets of the kernel': '区別不能(カーネルのセットに空きなし)',
  'the filter says more than flows tell': 'フィルタがフローの情報だけでは判定できないため',
  'the probe samples': 'プローブがサンプリングしているため',

  // Attributes.
  'type of service': 'ToS(サービスタイプ)',
  'TCP flags': 'TCP フラグ',
  'start and end times': '開始・終了時刻',
  'input interface': '入力インタフェース',
  'output interface': '出力インタフェース',
  'ICMP type and code': 'ICMP タイプ・コード',
  'AS attributes': 'AS 属性',
  'recorded packets': '記録したパケット',
  'arrived records': '到着したレコード',
  'the kernel’s count': 'カーネルの値',
  'the kernel’s numbers (ip link)': 'カーネルの番号(ip link)',
  'the times of the books': '計測期間',
  'next hop in records': 'レコードのネクストホップ',
  'only tables of collectors are held against routes': '経路と照合するのはコレクタのテーブルだけ',
  'no packets were recorded at the point': '観測点でパケットを記録していない',
  'the packets of {} records were not all recorded': 'レコード {1} 件の全パケットは記録されていない',
  'routes of {}': '{1} の経路',
  'no router': 'ルータなし',
  'no BGP view': 'BGP の経路情報なし',
  '0 in all records, and {} was not asked for it': '全レコードで 0({1} に出力を指定していない)',
  'no records': 'レコードなし',
  'nfprobe 1.7.7 tells it of one direction of a connection only, and not of IPv6':
    'nfprobe 1.7.7 はコネクションの片方向だけ通知し、IPv6 では通知しません',
  'softflowd tells that of the connection’s first packet in both directions':
    'softflowd は両方向ともコネクションの最初のパケットの値を通知します',
}
